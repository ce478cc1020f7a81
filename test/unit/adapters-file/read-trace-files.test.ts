import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { readTraceFiles } from '../../../src/adapters/file/read-trace-files.ts';
import { writeOtlpProtobuf } from '../../../src/adapters/shared/otlp/write-protobuf.ts';
import { spansOf } from '../../../src/core/model/span-view.ts';
import { spanRecord } from '../../support/span-records.ts';

const folder = mkdtempSync(join(tmpdir(), 'faultline-files-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

async function refusalOf(path: string) {
  const read = await readTraceFiles([path]);
  assert.ok(!read.ok);
  return read.error;
}

function otlpJson(spanId: string): object {
  const span = { traceId: 'a'.repeat(32), spanId, name: 'x', startTimeUnixNano: '5', endTimeUnixNano: '9' };
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'checkout' } }] };
  return { resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] };
}

const one = 'b'.repeat(16);
const two = 'c'.repeat(16);
const lines = `${JSON.stringify(otlpJson(one))}\n\n${JSON.stringify(otlpJson(two))}\n`;
const records = [one, two].map((spanId) =>
  spanRecord({ traceId: 'a'.repeat(32), spanId, name: 'x', kind: 0, startUnixNanos: 5n, endUnixNanos: 9n }),
);
const protobuf = writeOtlpProtobuf(records);
const lengthOf = (bytes: Uint8Array): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return length;
};
const jaegerSpan = (spanID: string): object => ({
  traceID: 'a'.repeat(32),
  spanID,
  operationName: 'x',
  references: [],
  startTime: 0.005,
  duration: 0.004,
  tags: [],
  processID: 'p1',
});
const jaeger = {
  data: [
    {
      traceID: 'a'.repeat(32),
      spans: [jaegerSpan(one), jaegerSpan(two)],
      processes: { p1: { serviceName: 'checkout', tags: [] } },
    },
  ],
};

describe('a trace file', () => {
  const forms: readonly (readonly [string, string | Uint8Array])[] = [
    ['OTLP-JSON lines', lines],
    ['OTLP-JSON lines without the last line feed', lines.trimEnd()],
    ['OTLP-JSON lines of Windows, with a byte-order mark', `\uFEFF${lines.replaceAll('\n', '\r\n')}`],
    [
      'OTLP-JSON over many lines',
      JSON.stringify(
        {
          resourceSpans: [otlpJson(one), otlpJson(two)].flatMap(
            (each) => (each as { resourceSpans: object[] }).resourceSpans,
          ),
        },
        null,
        2,
      ),
    ],
    ['a list of requests', JSON.stringify([otlpJson(one), otlpJson(two)], null, 1)],
    [
      'answers of Jaeger’s query API',
      `${JSON.stringify({ result: otlpJson(one) })}\n${JSON.stringify({ result: otlpJson(two) })}`,
    ],
    ['OTLP Protobuf', protobuf],
    [
      'OTLP Protobuf of the Collector’s file exporter',
      Buffer.concat(records.map((span) => writeOtlpProtobuf([span])).flatMap((bytes) => [lengthOf(bytes), bytes])),
    ],
    ['Jaeger JSON', JSON.stringify(jaeger)],
    ['Jaeger JSON over many lines', JSON.stringify(jaeger, null, 2)],
  ];
  for (const [title, content] of forms) {
    for (const [compression, compress] of [
      ['plain', (bytes: Buffer) => bytes],
      ['gzip', gzipSync],
      ['zstd', zstdCompressSync],
    ] as const) {
      test(`may be ${title}, ${compression}, whatever its name`, async () => {
        const read = await readTraceFiles([file('traces.bin', compress(Buffer.from(content)))]);
        assert.ok(read.ok, read.ok ? '' : read.error.message);
        assert.deepEqual(read.value.traceIds, ['a'.repeat(32)]);
        assert.deepEqual(
          spansOf(read.value, 0).map(({ spanId, service, name, end }) => [spanId, service, name, end]),
          [
            [one, 'checkout', 'x', 4],
            [two, 'checkout', 'x', 4],
          ],
        );
      });
    }
  }

  test('is one of several: a trace may be spread over them', async () => {
    const paths = [
      file('1.json', JSON.stringify(otlpJson(one))),
      file('2.json.gz', gzipSync(JSON.stringify(otlpJson(two)))),
    ];
    const read = await readTraceFiles(paths);
    assert.deepEqual(read.ok && spansOf(read.value, 0).map((span) => span.spanId), [one, two]);
  });

  test('may be empty', async () => {
    const read = await readTraceFiles([file('empty', ''), file('blank', '\n\n  \n')]);
    assert.deepEqual(read.ok && read.value.traceIds, []);
  });

  test('tells of spans that it had to refuse', async () => {
    const read = await readTraceFiles([file('bad.jsonl', `${lines}${JSON.stringify(otlpJson('nonsense'))}\n`)]);
    assert.ok(read.ok);
    assert.equal(read.value.refused, 1);
    assert.match(read.value.firstRefusal ?? '', /bad\.jsonl:4: spanId must be 8 bytes in hex/);
  });

  test('that is broken is an error with its line', async () => {
    const broken = await refusalOf(file('broken.jsonl', `${lines}{"resourceSpans":[`));
    assert.deepEqual([broken.kind, broken.line], ['malformed', 4]);
    assert.match(broken.message, /broken\.jsonl:4: not valid JSON/);
    const document = await refusalOf(file('broken.json', '{\n  "resourceSpans": [\n    oops\n'));
    assert.deepEqual([document.kind, document.line], ['malformed', 3]);
  });

  test('that holds something else is an error that says what was expected', async () => {
    const other = await refusalOf(file('package.json', '{"name":"x","version":"1"}'));
    assert.match(
      other.message,
      /package\.json:1: expected OTLP-JSON \(resourceSpans\) or Jaeger JSON .* name, version/,
    );
    const text = await refusalOf(file('notes.txt', 'these are no traces'));
    assert.match(text.message, /neither JSON nor OTLP Protobuf/);
  });

  test('that is damaged, missing or a folder is an error in words', async () => {
    const cut = await refusalOf(file('cut.gz', gzipSync(lines).subarray(0, 60)));
    assert.match(cut.message, /damaged or cut-off compressed file/);
    assert.equal((await refusalOf(join(folder, 'nowhere'))).kind, 'not-found');
    assert.match((await refusalOf(folder)).message, /is a folder/);
  });

  test('is read up to the limits and no further', async () => {
    const path = file('many.jsonl', lines);
    const few = await readTraceFiles([path], { maxSpans: 1, maxDocumentBytes: 1e6 });
    assert.deepEqual(!few.ok && few.error.kind, 'too-large');
    for (const content of [lines, JSON.stringify(otlpJson(one), null, 2), protobuf]) {
      const short = await readTraceFiles([file('long', content)], { maxSpans: 100, maxDocumentBytes: 20 });
      assert.deepEqual(!short.ok && short.error.kind, 'too-large');
    }
  });
});
