// nginx as the server under load: one worker on core 0, two bytes of reply, its own count of requests.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts, scratchFolder, startPeer } from '../../test/support/peers/start-peer.ts';

export interface Nginx {
  readonly url: string;
  /** The same over TLS; undefined without openssl. */
  readonly secureUrl: string | undefined;
  readonly version: string;
  /** Requests handled since the last call, this question not counted; NaN at first. */
  readonly requestsSince: () => Promise<number>;
  readonly stop: () => Promise<void>;
}

export async function startNginx(program: string): Promise<Nginx> {
  const folder = await scratchFolder('nginx');
  const [port = 0, securePort = 0] = await freePorts(2);
  const isSecure = makeCertificate(folder.path);
  const file = join(folder.path, 'nginx.conf');
  writeFileSync(file, configuration(folder.path, port, isSecure ? securePort : undefined));
  const url = `http://127.0.0.1:${port}/`;
  const args = ['-p', folder.path, '-c', file, '-e', join(folder.path, 'error.log')];
  const nginx = await startPeer({ name: 'nginx', program, args, ready: url });
  let last = Number.NaN;
  return {
    url,
    secureUrl: isSecure ? `https://127.0.0.1:${securePort}/` : undefined,
    version: versionOf(program),
    async requestsSince() {
      const text = await (await fetch(`${url}status`)).text();
      const count = Number(/\n\s*\d+\s+\d+\s+(\d+)/.exec(text)?.[1]);
      // This question is one of them.
      const since = count - last - 1;
      last = count;
      return since;
    },
    async stop() {
      await nginx.stop();
      await folder.remove();
    },
  };
}

function configuration(folder: string, port: number, securePort: number | undefined): string {
  const secure =
    securePort === undefined
      ? ''
      : `server { listen 127.0.0.1:${securePort} ssl backlog=16384; ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem;
           location / { return 200 "ok"; } }`;
  return `worker_processes 1; worker_cpu_affinity 01; worker_rlimit_nofile 65536; daemon off; pid ${folder}/nginx.pid; error_log ${folder}/error.log crit;
    events { worker_connections 30000; multi_accept on; }
    http { access_log off; keepalive_requests 1000000000; keepalive_timeout 3600; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy;
      fastcgi_temp_path ${folder}/fastcgi; uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
      server { listen 127.0.0.1:${port} backlog=16384; location / { return 200 "ok"; } location /status { stub_status; } }
      ${secure}
    }`;
}

function makeCertificate(folder: string): boolean {
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
  const how = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
  ];
  try {
    execFileSync('openssl', ['req', '-x509', ...how, ...files], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function versionOf(program: string): string {
  try {
    return execFileSync('sh', ['-c', `"${program}" -v 2>&1`])
      .toString()
      .trim()
      .replace(/^.*nginx\//, 'nginx ');
  } catch {
    return 'nginx';
  }
}
