// `npm run demo`: starts the shop with a fault switched on, verifies it on embedded defaults, prints the report, writes report.html.
import { dirname, join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../src/cli/program.ts';
import { type FaultName, faultNames } from './faults.ts';
import { freePort } from './free-port.ts';
import { startShop } from './start-shop.ts';

const document = relative(process.cwd(), join(dirname(fileURLToPath(import.meta.url)), '../slos/checkout.yaml'));

process.exitCode = await demo(process.argv.slice(2));

async function demo(args: readonly string[]): Promise<number> {
  const { fault, rest } = takeFault(args);
  if (fault === undefined) {
    console.error(`demo: wanted --fault with one of ${faultNames.join(', ')}`);
    return 2;
  }
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${port}`;
  console.error(`demo: starting the shop (7 services and a bank) with fault ${fault}`);
  const shop = await startShop({ fault, otlpEndpoint: endpoint });
  try {
    process.env['SHOP_URL'] = shop.gatewayUrl;
    for (const [service, url] of Object.entries(shop.metricsUrls))
      process.env[`SHOP_METRICS_${service.toUpperCase()}`] = url;
    process.env['FAULTLINE_OTLP_PORT'] = String(port);
    const html = rest.some((arg) => arg === '--html' || arg === '--out') ? [] : ['--html', 'report.html'];
    return await runProgram([process.execPath, 'faultline', 'run', document, ...html, ...rest]);
  } finally {
    await shop.stop();
  }
}

/** The fault flag is the demo's own; everything else is a flag of `run`. */
function takeFault(args: readonly string[]): {
  readonly fault: FaultName | undefined;
  readonly rest: readonly string[];
} {
  const at = args.findIndex((arg) => arg === '--fault' || arg.startsWith('--fault='));
  if (at < 0) return { fault: 'slow-dependency', rest: args };
  const flag = args[at] ?? '';
  const isJoined = flag.includes('=');
  const name = isJoined ? flag.slice(flag.indexOf('=') + 1) : args[at + 1];
  return {
    fault: faultNames.find((each) => each === name),
    rest: [...args.slice(0, at), ...args.slice(at + (isJoined ? 1 : 2))],
  };
}
