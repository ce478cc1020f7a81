import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ExpositionFault, expositionParser } from '../../../src/adapters/scrape/parse-exposition.ts';
import { parseSeries } from '../../../src/adapters/scrape/parse-series.ts';

type Sample = readonly [string, number, number | undefined];

function samplesOf(
  text: string,
  format: 'text' | 'openmetrics' = 'text',
  cuts: readonly number[] = [],
): readonly Sample[] {
  const samples: Sample[] = [];
  const parser = expositionParser(format, (series, value, time) => samples.push([series, value, time]));
  let from = 0;
  for (const cut of [...cuts.filter((each) => each <= text.length).sort((a, b) => a - b), text.length]) {
    parser.push(text.slice(from, cut));
    from = cut;
  }
  parser.end();
  return samples;
}

const page = `# HELP http_requests_total The total.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total {method="post",code="400"}    3

msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\" } #"} 1.458255915e9
no_labels 12.47
something_weird{problem="division by zero"} +Inf -3982045
nothing NaN
`;

describe('the exposition', () => {
  test('gives every sample with its value and time', () => {
    assert.deepEqual(samplesOf(page), [
      ['http_requests_total{method="post",code="200"}', 1027, 1_395_066_363_000],
      ['http_requests_total {method="post",code="400"}', 3, undefined],
      [
        'msdos_file_access_time_seconds{path="C:\\\\DIR\\\\FILE.TXT",error="Cannot find file:\\n\\"FILE.TXT\\" } #"}',
        1.458255915e9,
        undefined,
      ],
      ['no_labels', 12.47, undefined],
      ['something_weird{problem="division by zero"}', Number.POSITIVE_INFINITY, -3_982_045],
      ['nothing', Number.NaN, undefined],
    ]);
  });

  test('may be cut anywhere (property)', () => {
    const whole = samplesOf(page);
    fc.assert(
      fc.property(fc.array(fc.nat(page.length)), (cuts) => assert.deepEqual(samplesOf(page, 'text', cuts), whole)),
    );
  });

  test('of OpenMetrics has times in seconds and exemplars that are stepped over', () => {
    const text =
      'foo_bucket{le="1"} 17 1520879607.789 # {trace_id="abc # } 1"} 0.67 1520879607.7\nfoo_count 17 # {a="b"} 1\n# EOF\n';
    assert.deepEqual(samplesOf(text, 'openmetrics'), [
      ['foo_bucket{le="1"}', 17, 1_520_879_607_789],
      ['foo_count', 17, undefined],
    ]);
  });

  test('may have line ends of Windows and no last line feed', () => {
    assert.deepEqual(samplesOf('a 1\r\nb 2'), [
      ['a', 1, undefined],
      ['b', 2, undefined],
    ]);
  });

  for (const text of ['a', 'a{b="c"} x', 'a{b="c} 1', 'a 1 2 3', 'a 1 x', '<html>', 'a{b="c"}', '{"json": true}']) {
    test(`is not ${text}`, () =>
      assert.throws(
        () => samplesOf(`ok 1\n${text}\n`),
        (fault) => fault instanceof ExpositionFault && fault.line === 2,
      ));
  }
});

describe('a series', () => {
  const cases: readonly (readonly [string, Record<string, string> | undefined])[] = [
    ['up', { __name__: 'up' }],
    ['a{b="c",d="e"}', { __name__: 'a', b: 'c', d: 'e' }],
    ['a { b = "c" , }', { __name__: 'a', b: 'c' }],
    ['a{b="x\\\\y\\"z\\n"}', { __name__: 'a', b: 'x\\y"z\n' }],
    ['a{b=""}', { __name__: 'a' }],
    ['a{}', { __name__: 'a' }],
    ['{"my.metric", "my.label"="v"}', { __name__: 'my.metric', 'my.label': 'v' }],
    ['{b="c"}', undefined],
    ['1a', undefined],
    ['a{b=c}', undefined],
    ['a{b="c" d="e"}', undefined],
    ['a{b', undefined],
  ];
  for (const [text, labels] of cases) test(text, () => assert.deepEqual(parseSeries(text), labels));
});
