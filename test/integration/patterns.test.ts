// Real traces rewritten by one rule each: every pattern must be named with the right mechanism at the right edge, and nothing that only looks like one.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readTraceFiles } from '../../src/adapters/file/read-trace-files.ts';
import type { Finding } from '../../src/core/model/finding.ts';
import type { TraceSet } from '../../src/core/model/trace-set.ts';
import { attributeTraces } from '../../src/core/trace/attribute-traces.ts';

const folder = join(import.meta.dirname, '../../../shared/data/patterns');

interface Label {
  /** null for the look-alikes. */
  readonly pattern: string | null;
  readonly caller?: string;
  readonly service?: string;
  /** Services that the pattern was written into, where there are several. */
  readonly services?: Readonly<Record<string, number>>;
}

test('rewritten traces', async (t) => {
  if (!existsSync(folder)) return t.skip('the rewritten traces are not here (../shared/data)');
  const cases = readdirSync(folder);
  assert.ok(cases.length > 0, 'the folder holds no case');
  for (const name of cases) {
    await t.test(name, async () => {
      const label = JSON.parse(readFileSync(join(folder, name, 'label.json'), 'utf8')) as Label;
      const { findings } = attributeTraces({
        traces: await tracesOf(join(folder, name, 'abnormal.otlp.jsonl.gz')),
        baseline: await tracesOf(join(folder, name, 'normal.otlp.jsonl.gz')),
      });
      const named = findings.map(({ mechanism, service }) => `${mechanism} at ${service}`).join(', ');
      const [best] = findings;
      if (label.pattern === null) {
        assert.equal(named, '');
        return;
      }
      assert.equal(best?.mechanism, label.pattern, named);
      assert.ok(best !== undefined && isAtRightPlace(label, best), named);
      assert.ok(best.traces.length > 0);
    });
  }
});

async function tracesOf(path: string): Promise<TraceSet> {
  const read = await readTraceFiles([path]);
  assert.ok(read.ok, path);
  return read.value;
}

function isAtRightPlace({ caller, service, services }: Label, { edge, service: blamed }: Finding): boolean {
  if (services !== undefined) return Object.hasOwn(services, blamed);
  return edge?.caller === caller && edge?.callee === service;
}
