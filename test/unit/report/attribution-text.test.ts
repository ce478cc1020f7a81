import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attributionText } from '../../../src/report/attribution-text.ts';
import { plainStyle } from '../../../src/report/terminal-style.ts';
import { brokenCheckoutRun, emptyAttribution } from '../../support/run-builder.ts';

test('findings, blame by service and completeness', () => {
  const text = attributionText(brokenCheckoutRun().attribution, plainStyle, { width: 100 });
  assert.match(text, /^1\. slow dependency in fraud\n {3}where {4}gateway > checkout > payments > fraud\n/);
  assert.match(text, /^fraud {5}158 ms {2}140–177 ms {4}61%$/m);
  assert.match(text, /400 traces, 6104 spans, 99\.2% complete/);
});

test('onsets count from the first trace: there is no run', () => {
  const { attribution } = brokenCheckoutRun();
  const since = (onsetMs: number): string =>
    attributionText(
      { ...attribution, findings: attribution.findings.slice(0, 1).map((finding) => ({ ...finding, onsetMs })) },
      plainStyle,
      { width: 100 },
    );
  assert.match(since(0), /since {4}the first trace$/m);
  assert.match(since(12_000), /since {4}12 s after the first trace$/m);
  assert.doesNotMatch(since(12_000), /into the run/);
});

test('no fault and not attributable are different answers', () => {
  assert.match(attributionText(emptyAttribution, plainStyle, { width: 80 }), /^No fault found\./);
  const unknown = { ...emptyAttribution, notAttributable: 'no traces of normal operation' };
  assert.match(attributionText(unknown, plainStyle, { width: 80 }), /^Not attributable: no traces of normal operation/);
});

test('spans left out for a repeated id are told where there are some', () => {
  const { completeness } = emptyAttribution;
  const told = (repeated: number) =>
    attributionText({ ...emptyAttribution, completeness: { ...completeness, repeated } }, plainStyle, { width: 200 });
  assert.match(told(3), /, 3 spans left out because another had their id\.$/m);
  assert.doesNotMatch(attributionText(emptyAttribution, plainStyle, { width: 200 }), /left out/);
});
