// The document of the compose stack is the demo's, but for its sources, links and schedule.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { parse } from 'yaml';
import { stackDocument } from '../../../demo/stack/stack-document.ts';

const root = new URL('../../../', import.meta.url);
const checkout = readFileSync(new URL('slos/checkout.yaml', root), 'utf8');
const written = readFileSync(new URL('demo/stack/slos/checkout.yaml', root), 'utf8');

test('it is written from slos/checkout.yaml: npm run docs', () => {
  assert.equal(written, stackDocument(checkout));
});

test('workload, requirements and judgement are the same', () => {
  const [own, stack] = [parse(checkout).spec, parse(written).spec];
  const { settle: _embedded, ...evaluation } = own.evaluation;
  const { settle: _stack, ...stackEvaluation } = stack.evaluation;
  assert.deepEqual(
    [stack.service, stack.workload, stack.requirements, stackEvaluation],
    [own.service, own.workload, own.requirements, evaluation],
  );
  assert.deepEqual(
    [...stack.sources.traces, ...stack.sources.metrics].map((source) => source.type),
    ['jaeger', 'prometheus'],
  );
});
