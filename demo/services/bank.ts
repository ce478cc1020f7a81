// bank: the third party that charges cards. Not ours, so without any telemetry: it is seen only through its callers' spans.
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { contractedCapacity } from '../kit/contracted-capacity.ts';
import { runPlainProcess } from '../kit/run-plain-process.ts';
import { slowWork, work } from '../kit/service-time.ts';

const KEEP_ALIVE_MS = 65_000;

await runPlainProcess(({ settings }) => {
  let capacity = contractedCapacity();

  const charge = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    request.resume();
    const { chargeMs, slow, capacity: plan } = settings().bank;
    if (plan === 'contracted') await sleep(capacity.waitMs(performance.now()));
    await work(chargeMs);
    await slowWork(slow);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ receipt: randomUUID() }));
  };

  const server = createServer((request, response) => {
    if (request.method !== 'POST' || request.url !== '/charge') return void response.writeHead(404).end();
    charge(request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return {
    server,
    faultSwitched: () => {
      capacity = contractedCapacity(); // a new contract, and an empty queue
    },
  };
});
