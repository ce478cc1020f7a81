// Where reports lead: annotations first, then what the trace source has to show.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TraceSourceConfig } from '../../../src/core/model/verification.ts';
import { verificationLinks } from '../../../src/report/verification-links.ts';
import { violatingTracePage } from '../../../src/report/violating-trace-page.ts';
import { brokenCheckoutRun, runWith } from '../../support/run-builder.ts';

const jaeger: TraceSourceConfig = { type: 'jaeger', url: 'http://me:secret@jaeger:16686/ui/', headers: {} };
const tempo: TraceSourceConfig = { type: 'tempo', url: 'http://tempo:3200', headers: {} };
const of = (traces: readonly TraceSourceConfig[], annotations: Readonly<Record<string, string>> = {}) =>
  verificationLinks({ annotations, sources: { traces, metrics: [] } });

test('a Jaeger source is linked without its credentials', () => {
  assert.deepEqual(of([tempo, jaeger]), { trace: 'http://jaeger:16686/ui/trace/{traceId}' });
});

test('a Tempo source has no page of its own', () => {
  assert.deepEqual(of([tempo]), {});
});

test('annotations go before what the source has', () => {
  assert.deepEqual(
    of([jaeger], {
      'faultline/traceUrl': 'https://grafana.example.com/trace/{traceId}',
      'faultline/dashboard': 'https://grafana.example.com/d/shop',
    }),
    { dashboard: 'https://grafana.example.com/d/shop', trace: 'https://grafana.example.com/trace/{traceId}' },
  );
});

test('whoever publishes the report says where it is', () => {
  const links = verificationLinks({ annotations: {}, sources: { traces: [], metrics: [] } }, 'http://here/runs/1');
  assert.deepEqual(links, { report: 'http://here/runs/1' });
});

test('the page to open first is a trace of the worst break', () => {
  const links = { trace: 'http://jaeger:16686/trace/{traceId}' };
  assert.equal(
    violatingTracePage(brokenCheckoutRun(), links),
    'http://jaeger:16686/trace/4bf92f3577b34da6a3ce929d0e0e4736',
  );
  assert.equal(violatingTracePage(brokenCheckoutRun(), {}), undefined);
  assert.equal(violatingTracePage(runWith(), links), undefined);
});
