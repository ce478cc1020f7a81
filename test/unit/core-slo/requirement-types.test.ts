// Every requirement type: it passes, fails and cannot tell where it should, and never passes on damaged observations.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observations } from '../../../src/core/model/observations.ts';
import type { Verdict } from '../../../src/core/model/verdict.ts';
import { judgeAll } from '../../../src/core/slo/judge.ts';
import { requirementTypes } from '../../../src/core/slo/requirement-types.ts';
import { damages } from './cases/damages.ts';
import { inputFor, type TypeCase, typeCases } from './cases/type-cases.ts';

test('every type has its cases', () => {
  const covered = new Set(typeCases.map((typeCase) => typeCase.type));
  assert.deepEqual([...covered].sort(), Object.keys(requirementTypes).sort());
});

test('the table names each type by its own name, with an example and a page', () => {
  for (const [name, type] of Object.entries(requirementTypes)) {
    assert.equal(type.name, name);
    assert.match(type.example, new RegExp(`type: ${name}\\b`));
    assert.ok(type.doc.length > 100 && type.title.length > 10 && type.stats.length > 0 && type.vantages.length > 0);
  }
});

for (const typeCase of typeCases) {
  const [requirement] = typeCase.requirements;
  const name = `${typeCase.type} (${requirement?.require.text})`;

  test(`${name} passes`, () => {
    assertVerdict(typeCase, typeCase.pass, 'pass');
  });
  test(`${name} fails`, () => {
    assertVerdict(typeCase, typeCase.fail, 'fail');
  });
  test(`${name} cannot tell, and says why`, () => {
    const verdict = assertVerdict(typeCase, typeCase.open, 'inconclusive');
    assert.equal(verdict.reason, typeCase.reason, verdict.explanation);
    assert.ok(verdict.need !== undefined && verdict.need.length > 5);
  });

  for (const [damage, apply] of Object.entries(damages)) {
    const damaged = apply(typeCase.pass, typeCase);
    // A type that reads nothing which could go wrong in this way has no such case.
    if (damaged === undefined) continue;
    test(`${name} does not pass on ${damage}`, () => {
      const { verdict, explanation } = judge(typeCase, damaged);
      assert.ok(verdict === 'inconclusive' || verdict === 'error', `${verdict}: ${explanation}`);
    });
  }
}

function judge(typeCase: TypeCase, observations: Observations): Verdict {
  const judged = judgeAll(typeCase.requirements, inputFor(typeCase, observations));
  const verdict = judged.verdicts[0];
  assert.ok(verdict !== undefined);
  return verdict;
}

function assertVerdict(typeCase: TypeCase, observations: Observations, wanted: Verdict['verdict']): Verdict {
  const verdict = judge(typeCase, observations);
  assert.equal(verdict.verdict, wanted, `${verdict.explanation} ${verdict.notes.join('; ')}`);
  assert.ok(verdict.explanation.length > 10);
  assert.ok(verdict.clauses.length > 0);
  return verdict;
}
