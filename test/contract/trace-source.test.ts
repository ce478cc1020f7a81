// Every trace source, and the fake that other tests use, under one contract.
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileTraceSource } from '../../src/adapters/file/file-trace-source.ts';
import { jaegerTraceSource } from '../../src/adapters/jaeger/jaeger-trace-source.ts';
import { otlpReceiver } from '../../src/adapters/otlp/receiver.ts';
import { writeOtlpProtobuf } from '../../src/adapters/shared/otlp/write-protobuf.ts';
import { tempoTraceSource } from '../../src/adapters/tempo/tempo-trace-source.ts';
import type { SpanRecord } from '../../src/core/model/trace-set.ts';
import { millis } from '../../src/core/model/units.ts';
import type { TraceSource } from '../../src/ports/trace-source.ts';
import { inMemoryTraceSource } from '../support/fakes/in-memory-trace-source.ts';
import { startJaeger } from '../support/peers/jaeger.ts';
import { skipWithout } from '../support/peers/skip-without.ts';
import { scratchFolder } from '../support/peers/start-peer.ts';
import { sendOtlp } from '../support/send-otlp.ts';
import { startTempoFixture } from '../support/tempo-fixture.ts';
import { traceSourceContract } from './trace-source.ts';

traceSourceContract({
  name: 'in-memory fake',
  async start() {
    const source = inMemoryTraceSource();
    return { source, store: async (spans) => source.store(spans), stop: source.close };
  },
});

traceSourceContract({
  name: 'embedded OTLP receiver',
  async start() {
    const receiver = await otlpReceiver({ host: '127.0.0.1', httpPort: 0 });
    if (!receiver.ok) throw new Error(receiver.error.message);
    return {
      source: receiver.value,
      store: (spans) => sendOtlp(receiver.value.endpoint, spans),
      stop: receiver.value.close,
    };
  },
});

traceSourceContract({
  name: 'files',
  async start() {
    const folder = await scratchFolder('files');
    const paths = [join(folder.path, 'a.otlp'), join(folder.path, 'b.otlp')];
    for (const path of paths) await writeFile(path, '');
    return {
      source: fileTraceSource({ paths }),
      async store(spans) {
        // Traces are torn apart between the files.
        for (const [i, span] of spans.entries()) await appendFile(paths[i % 2] as string, writeOtlpProtobuf([span]));
      },
      stop: folder.remove,
    };
  },
});

traceSourceContract({
  name: 'Tempo (fixture)',
  async start() {
    const tempo = await startTempoFixture();
    return {
      source: tempoTraceSource({ url: tempo.url, headers: {} }),
      store: async (spans) => tempo.store(spans),
      stop: tempo.stop,
    };
  },
});

traceSourceContract({
  name: 'Jaeger (real)',
  skip: skipWithout('jaeger'),
  async start() {
    const jaeger = await startJaeger();
    const source = jaegerTraceSource({ url: jaeger.url, headers: {} });
    return {
      source,
      async store(spans) {
        await sendOtlp(jaeger.otlpUrl, spans);
        await untilVisible(source, spans);
      },
      stop: jaeger.stop,
    };
  },
});

async function untilVisible(source: TraceSource, spans: readonly SpanRecord[]): Promise<void> {
  const ids = [...new Set(spans.map((span) => span.traceId))];
  const options = { timeout: millis(5000), signal: AbortSignal.timeout(20_000) };
  for (;;) {
    const answer = await source.byIds(ids, options);
    if (!answer.ok) throw new Error(answer.error.message);
    if (answer.value.start.length >= spans.length) return;
    await sleep(50);
  }
}
