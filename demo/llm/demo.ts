// `npm run demo:llm`: starts the language model server with a fault switched on, verifies it on embedded defaults, prints the report, writes report.html.
// With `--serve` it only serves, on port 8000, until Ctrl-C.
import { once } from 'node:events';
import { dirname, join, relative } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { runProgram } from '../../src/cli/program.ts';
import { freePort } from '../free-port.ts';
import { takeFault } from '../kit/take-fault.ts';
import { LLM_FAULTS, type LlmFault, llmFaultNames } from './faults.ts';
import { llmTrafficFor } from './llm-settings.ts';
import { startLlm } from './start-llm.ts';

const document = relative(process.cwd(), join(dirname(fileURLToPath(import.meta.url)), '../../slos/llm.yaml'));

process.exitCode = await demo(process.argv.slice(2));

async function demo(args: readonly string[]): Promise<number> {
  const { fault, rest } = takeFault(args, llmFaultNames, 'kv-cache');
  if (fault === undefined) {
    console.error(`demo: wanted --fault with one of ${llmFaultNames.join(', ')}`);
    return 2;
  }
  if (rest.includes('--serve')) return serve(fault);
  const otlpPort = await freePort();
  console.error(`demo: starting the language model server with fault ${fault} (${LLM_FAULTS[fault]})`);
  const server = await startLlm({ fault, port: 0, otlpEndpoint: `http://127.0.0.1:${otlpPort}` });
  try {
    const { inputP50, inputP95 } = llmTrafficFor(fault);
    process.env['LLM_URL'] = server.url;
    process.env['LLM_INPUT_P50'] = String(inputP50);
    process.env['LLM_INPUT_P95'] = String(inputP95);
    process.env['FAULTLINE_OTLP_PORT'] = String(otlpPort);
    const html = rest.some((arg) => arg === '--html' || arg === '--out') ? [] : ['--html', 'report.html'];
    return await runProgram([process.execPath, 'faultline', 'run', document, ...html, ...rest]);
  } finally {
    await server.stop();
  }
}

/** The server alone, to play with; traces go where Faultline's embedded receiver listens by default. */
async function serve(fault: LlmFault): Promise<number> {
  const server = await startLlm({ fault, port: 8000, otlpEndpoint: 'http://127.0.0.1:4318' });
  console.log(
    `${server.url}/v1/chat/completions, ${server.url}/metrics; fault: ${fault} (${LLM_FAULTS[fault]}). Ctrl-C ends it.`,
  );
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await server.stop();
  return 0;
}
