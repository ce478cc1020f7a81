// `npm run demo:shop`: the demo shop alone, to play with. Ctrl-C ends all of it.
import { parseArgs } from 'node:util';
import { FAULTS, type FaultName, faultNames, isFault } from './faults.ts';
import { type Shop, startShop } from './start-shop.ts';

const USAGE = `usage: npm run demo:shop -- [--fault NAME] [--port N] [--host ADDRESS] [--otlp-endpoint URL] [--json]

  --fault NAME          start with a fault switched on (default none)
  --port N              port of the gateway; metrics ports follow it; 0 = any free port (default 8080)
  --host ADDRESS        127.0.0.1 (default), or 0.0.0.0 for gateway and metrics that other machines can reach
  --otlp-endpoint URL   where spans go (default http://127.0.0.1:4318)
  --json                print one line of JSON instead of the listing

faults: ${faultNames.join(', ')}`;

interface Options {
  readonly fault: FaultName;
  readonly port: number;
  readonly host: '127.0.0.1' | '0.0.0.0';
  readonly otlpEndpoint: string;
  readonly json: boolean;
}

function optionsFrom(argv: readonly string[]): Options | string {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      fault: { type: 'string', default: 'none' },
      port: { type: 'string', default: '8080' },
      host: { type: 'string', default: '127.0.0.1' },
      'otlp-endpoint': { type: 'string', default: 'http://127.0.0.1:4318' },
      json: { type: 'boolean', default: false },
    },
  });
  const { fault, host, json } = values;
  const port = Number(values.port);
  const otlpEndpoint = values['otlp-endpoint'];
  if (!isFault(fault)) return `unknown fault: ${fault}`;
  if (!Number.isInteger(port) || port < 0 || port > 65_000) return `--port must be 0..65000, found ${values.port}`;
  if (host !== '127.0.0.1' && host !== '0.0.0.0') return `--host must be 127.0.0.1 or 0.0.0.0, found ${host}`;
  if (!URL.canParse(otlpEndpoint)) return `--otlp-endpoint must be a URL, found ${otlpEndpoint}`;
  return { fault, port, host, otlpEndpoint, json };
}

function listing(shop: Shop, { fault, otlpEndpoint }: Options): string {
  const metrics = Object.entries(shop.metricsUrls).map(([name, url]) => `    ${name.padEnd(10)} ${url}`);
  return [
    `The demo shop is open. Fault: ${fault} (${FAULTS[fault]}).`,
    '',
    `  shop       ${shop.gatewayUrl}   POST /cart, POST /checkout, GET /products`,
    `  traces     go to ${otlpEndpoint}`,
    '  metrics',
    ...metrics,
    '',
    `  Try:          curl -X POST ${shop.gatewayUrl}/checkout`,
    `  Switch fault: curl -X POST ${shop.adminUrl} -d '{"fault":"slow-dependency"}'`,
    `  Faults:       ${faultNames.join(', ')}`,
    '',
    'Ctrl-C closes the shop.',
  ].join('\n');
}

/** Exit code: 0 after Ctrl-C, 1 when the shop could not start or one of its processes died, 2 for wrong usage. */
async function main(argv: readonly string[]): Promise<number> {
  let options: Options | string;
  try {
    options = optionsFrom(argv);
  } catch (error) {
    options = error instanceof Error ? error.message : String(error); // parseArgs throws on an unknown flag
  }
  if (typeof options === 'string') {
    console.error(`${options}\n\n${USAGE}`);
    return 2;
  }

  const closing = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => closing.abort());
  const asked = new Promise<undefined>((resolve) =>
    closing.signal.addEventListener('abort', () => resolve(undefined), { once: true }),
  );
  try {
    const shop = await startShop({ ...options, signal: closing.signal });
    const { gatewayUrl, metricsUrls, adminUrl } = shop;
    console.log(options.json ? JSON.stringify({ gatewayUrl, metricsUrls, adminUrl }) : listing(shop, options));
    const death = await Promise.race([shop.died, asked]);
    await shop.stop();
    if (death !== undefined) console.error(death);
    return death === undefined ? 0 : 1;
  } catch (error) {
    if (closing.signal.aborted) return 0;
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

process.exitCode = await main(process.argv.slice(2));
