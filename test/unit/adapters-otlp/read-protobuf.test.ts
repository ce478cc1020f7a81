import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { checkWireSpan } from '../../../src/adapters/shared/otlp/check-wire-span.ts';
import { readOtlpProtobuf, walkProtobuf } from '../../../src/adapters/shared/otlp/read-protobuf.ts';
import { Wire } from '../../../src/adapters/shared/otlp/wire.ts';
import { WireWriter } from '../../../src/adapters/shared/otlp/wire-writer.ts';
import { writeAttributes, writeOtlpProtobuf, writeSpan } from '../../../src/adapters/shared/otlp/write-protobuf.ts';
import { arbitrarySpan, spanRecord } from '../../support/span-records.ts';

/** A request with one span that `write` writes, after a resource with service.name = a. */
function requestWith(write: (writer: WireWriter) => void): Buffer {
  const writer = new WireWriter();
  writer.message(1, () => {
    writer.message(1, () => writeAttributes(writer, 1, { 'service.name': 'a' }));
    writer.message(2, () => writer.message(2, () => write(writer)));
  });
  return writer.bytes();
}

function onlySpan(body: Buffer) {
  const read = readOtlpProtobuf(body);
  assert.ok(read.ok, read.ok ? '' : read.error.message);
  assert.equal(read.value.refused, 0, read.value.firstRefusal);
  return read.value.spans[0];
}

/** What the checker says about the body: how many spans it takes, or that it is no Protobuf. */
function check(body: Buffer): { taken: number; refused: number } | 'malformed' {
  let taken = 0;
  let refused = 0;
  const walked = walkProtobuf(body, {
    resource: () => undefined,
    span(wire, end) {
      if (typeof checkWireSpan(wire, end) === 'string') refused += 1;
      else taken += 1;
    },
  });
  return walked.ok ? { taken, refused } : 'malformed';
}

describe('OTLP/Protobuf', () => {
  test('reads back what was written (property)', () => {
    fc.assert(
      fc.property(fc.array(arbitrarySpan, { maxLength: 8 }), (spans) => {
        const body = writeOtlpProtobuf(spans);
        const read = readOtlpProtobuf(body);
        assert.ok(read.ok);
        assert.deepEqual(read.value.spans.map(withoutAbsent), spans.map(withoutAbsent));
        assert.deepEqual(check(body), { taken: spans.length, refused: 0 });
      }),
      { numRuns: 300 },
    );
  });

  test('writes messages of every length, however little room the writer began with', () => {
    for (const length of [0, 1, 2, 100, 126, 127, 128, 129, 500, 16_383, 16_384, 70_000]) {
      for (const capacity of [1, 7, length, length + 1, length + 2, length + 20]) {
        const writer = new WireWriter(Math.max(1, capacity));
        writer.message(1, () => writer.message(2, () => writer.text(3, 'x'.repeat(length))));
        const wire = new Wire(writer.bytes());
        assert.equal(wire.tag(wire.bytes.length), (1 << 3) | 2);
        const end = wire.messageEnd(wire.bytes.length);
        assert.equal(end, wire.bytes.length);
        assert.equal(wire.tag(end), (2 << 3) | 2);
        assert.equal(wire.messageEnd(end), end);
        assert.equal(wire.tag(end), (3 << 3) | 2);
        assert.equal(wire.text(end), 'x'.repeat(length));
      }
    }
  });

  test('gives all spans of a batch the same resource object', () => {
    const resource = { 'service.name': 'a' };
    const read = readOtlpProtobuf(
      writeOtlpProtobuf([spanRecord({ resource }), spanRecord({ resource, spanId: 'a'.repeat(16) })]),
    );
    assert.ok(read.ok);
    assert.equal(read.value.spans[0]?.resource, read.value.spans[1]?.resource);
  });

  test('finds the resource behind the spans', () => {
    const writer = new WireWriter();
    writer.message(1, () => {
      writer.message(2, () => writer.message(2, () => writeSpan(writer, spanRecord())));
      writer.message(1, () => writeAttributes(writer, 1, { 'service.name': 'late' }));
    });
    assert.deepEqual(onlySpan(writer.bytes())?.resource, { 'service.name': 'late' });
  });

  test('does not take the resource of the batch before for a batch without one', () => {
    const writer = new WireWriter();
    writer.message(1, () => writer.message(1, () => writeAttributes(writer, 1, { 'service.name': 'first' })));
    writer.message(1, () => writer.message(2, () => writer.message(2, () => writeSpan(writer, spanRecord()))));
    assert.deepEqual(onlySpan(writer.bytes())?.resource, {});
  });

  test('skips fields that it does not know, of every wire type, groups included', () => {
    const body = requestWith((writer) => {
      writeSpan(writer, spanRecord());
      writer.tag(3, 2);
      writer.varint(0);
      writer.tag(100, 0);
      writer.varint(2 ** 50);
      writer.tag(101, 1);
      writer.fixed64(7n);
      writer.text(102, 'unknown');
      writer.tag(103, 5);
      for (const byte of [1, 2, 3, 4]) writer.varint(byte);
      writer.tag(104, 3);
      writer.text(1, 'inside a group');
      writer.tag(104, 4);
      writer.text(5, 'the name, last one wins');
    });
    assert.equal(onlySpan(body)?.name, 'the name, last one wins');
    assert.deepEqual(check(body), { taken: 1, refused: 0 });
  });

  test('turns lists and bytes into text, and an exception event into attributes', () => {
    const anyText = (writer: WireWriter, text: string) => () => writer.text(1, text);
    const body = requestWith((writer) => {
      writeSpan(writer, spanRecord());
      writer.message(9, () => {
        writer.text(1, 'list');
        writer.message(2, () => writer.message(5, () => writer.message(1, anyText(writer, 'x'))));
      });
      writer.message(9, () => {
        writer.text(1, 'map');
        writer.message(2, () =>
          writer.message(6, () =>
            writer.message(1, () => {
              writer.text(1, 'k');
              writer.message(2, anyText(writer, 'v'));
            }),
          ),
        );
      });
      writer.message(9, () => {
        writer.text(1, 'bytes');
        writer.message(2, () => writer.hex(7, '0001'));
      });
      writer.message(9, () => writer.text(1, 'no value'));
      writer.message(11, () => {
        writer.text(2, 'exception');
        writeAttributes(writer, 3, { 'exception.type': 'Timeout', 'exception.message': 'late' });
      });
    });
    assert.deepEqual(onlySpan(body)?.attributes, {
      list: '["x"]',
      map: '{"k":"v"}',
      bytes: 'AAE=',
      'exception.type': 'Timeout',
      'exception.message': 'late',
    });
  });

  test('keeps integers exact: beyond 2^53 as text', () => {
    const body = requestWith((writer) => {
      writeSpan(writer, spanRecord());
      for (const [key, value] of [
        ['big', 2n ** 60n],
        ['least', -(2n ** 63n)],
        ['minus', -5n],
      ] as const) {
        writer.message(9, () => {
          writer.text(1, key);
          writer.message(2, () => {
            writer.tag(3, 0);
            writer.int64(value);
          });
        });
      }
    });
    assert.deepEqual(onlySpan(body)?.attributes, {
      big: '1152921504606846976',
      least: '-9223372036854775808',
      minus: -5,
    });
  });

  test('does not follow values nested without end', () => {
    const nest = (writer: WireWriter, depth: number): void => {
      if (depth === 0) writer.text(1, 'deep');
      else writer.message(5, () => writer.message(1, () => nest(writer, depth - 1)));
    };
    const body = requestWith((writer) => {
      writeSpan(writer, spanRecord());
      writer.message(9, () => {
        writer.text(1, 'deep');
        writer.message(2, () => nest(writer, 300));
      });
    });
    assert.match(String(onlySpan(body)?.attributes['deep']), /^\[+null\]+$/);
    assert.deepEqual(check(body), { taken: 1, refused: 0 });
  });

  const refused: readonly (readonly [string, Parameters<typeof spanRecord>[0]])[] = [
    ['a trace id of zeros', { traceId: '0'.repeat(32) }],
    ['a short trace id', { traceId: 'abcd' }],
    ['a span id of zeros', { spanId: '0'.repeat(16) }],
    ['no start', { startUnixNanos: 0n }],
    ['a start beyond 2262', { startUnixNanos: 2n ** 63n }],
  ];
  for (const [title, given] of refused) {
    test(`refuses ${title}, and takes its neighbours`, () => {
      const body = writeOtlpProtobuf([spanRecord(), spanRecord(given)]);
      const read = readOtlpProtobuf(body);
      assert.ok(read.ok);
      assert.deepEqual([read.value.spans.length, read.value.refused], [1, 1]);
      assert.deepEqual(check(body), { taken: 1, refused: 1 });
    });
  }

  test('empty bytes are an empty request', () => {
    assert.deepEqual(readOtlpProtobuf(new Uint8Array()), {
      ok: true,
      value: { spans: [], refused: 0, firstRefusal: undefined },
    });
  });

  test('every cut of a body is malformed or a shorter request, never a throw', () => {
    const body = writeOtlpProtobuf([spanRecord({ attributes: { a: 'x', n: 5, d: 1.5 } })]);
    for (let length = 1; length < body.length; length += 1) {
      const read = readOtlpProtobuf(body.subarray(0, length));
      assert.ok(!read.ok && read.error.message.startsWith('not valid Protobuf'), `cut at ${length}`);
    }
  });

  const broken: readonly (readonly [string, readonly number[]])[] = [
    ['a length past the end', [0x0a, 0x7f, 0x00]],
    ['a length above 2^31', [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ['a varint without end', new Array(20).fill(0xff)],
    ['field number zero', [0x02, 0x00]],
    ['wire type 7', [0x0f]],
    ['a group that never ends', [0x13, 0x13]],
    ['a group that never began', [0x14]],
    ['groups nested too deep', new Array(100).fill(0x13)],
  ];
  for (const [title, bytes] of broken) {
    test(`says that ${title} is malformed`, () => {
      const read = readOtlpProtobuf(Uint8Array.from(bytes));
      assert.ok(!read.ok);
      assert.match(read.error.message, /^not valid Protobuf: .* at byte \d+/);
    });
  }
});

/** Records compare equal whether a field is absent or undefined. */
function withoutAbsent(span: object): object {
  return Object.fromEntries(Object.entries(span).filter(([, value]) => value !== undefined));
}
