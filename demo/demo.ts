// `npm run demo`: starts the shop with a fault switched on, verifies it on embedded defaults, prints the report, writes report.html.
import { dirname, join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../src/cli/program.ts';
import { faultNames } from './faults.ts';
import { freePort } from './free-port.ts';
import { takeFault } from './kit/take-fault.ts';
import { startShop } from './start-shop.ts';

const document = relative(process.cwd(), join(dirname(fileURLToPath(import.meta.url)), '../slos/checkout.yaml'));

process.exitCode = await demo(process.argv.slice(2));

async function demo(args: readonly string[]): Promise<number> {
  const { fault, rest } = takeFault(args, faultNames, 'slow-dependency');
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
