// Every requirement with its value drawn against its limit, worst first.
import type { JSX } from 'preact';
import type { Run } from '../../src/core/model/run.ts';
import type { Verdict } from '../../src/core/model/verdict.ts';
import { clauseNumbers, decidingClause, marginText } from '../../src/report/clause-numbers.ts';
import { changeText } from '../../src/report/result-requirement.ts';
import { VerdictMark } from '../verdict-mark.tsx';
import { ValueBar } from './value-bar.tsx';

interface Props {
  readonly run: Run;
  readonly verdicts: readonly Verdict[];
}

export function RequirementTable({ run, verdicts }: Props): JSX.Element {
  if (verdicts.length === 0) {
    return (
      <p class="panel padded">
        No requirement was judged{run.message === undefined ? '' : `: ${run.message}`}. A run that judged nothing is not
        a pass.
      </p>
    );
  }
  const hasBaselines = verdicts.some((verdict) => verdict.baseline !== undefined);
  return (
    <div class="panel scroll">
      <table class="requirements">
        <thead>
          <tr>
            <th scope="col">verdict</th>
            <th scope="col">requirement</th>
            <th scope="col" class="number">
              observed
            </th>
            <th scope="col">
              <span class="visually-hidden">value against the limit</span>
            </th>
            <th scope="col">interval</th>
            <th scope="col">limit</th>
            <th scope="col" class="number">
              margin
            </th>
            {hasBaselines && (
              <th scope="col" class="number">
                change
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {verdicts.map((verdict) => (
            <Row key={verdict.requirement} verdict={verdict} hasBaselines={hasBaselines} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ verdict, hasBaselines }: { readonly verdict: Verdict; readonly hasBaselines: boolean }): JSX.Element {
  const clause = decidingClause(verdict);
  const numbers = clause === undefined ? undefined : clauseNumbers(clause);
  const target = verdict.verdict === 'pass' ? `numbers-${verdict.requirement}` : verdict.requirement;
  return (
    <tr class={verdict.verdict}>
      <td class="verdict-cell">
        <VerdictMark verdict={verdict.verdict} /> <span class="verdict-word">{verdict.verdict}</span>
      </td>
      <th scope="row" class="requirement-cell">
        <a href={`#${target}`}>{verdict.requirement}</a> <span class="requirement-title">{verdict.title}</span>
        {verdict.priority !== 'must' && <span class="priority">{verdict.priority}</span>}
      </th>
      <td class="number observed" data-label="observed">
        {numbers?.value || <span class="quiet">no value</span>}
      </td>
      <td class="bar-cell">{clause !== undefined && <ValueBar clause={clause} verdict={verdict.verdict} />}</td>
      <td class="quiet nowrap" data-label="interval">
        {numbers?.interval}
      </td>
      <td class="limit-cell" data-label="limit">
        {numbers === undefined ? verdict.rule : `${numbers.stat} ${numbers.limit}`}
      </td>
      <td class="number" data-label="margin">
        {marginText(verdict)}
      </td>
      {hasBaselines && (
        <td class="number" data-label="change">
          {verdict.baseline === undefined ? '' : changeText(verdict.baseline.change)}
        </td>
      )}
    </tr>
  );
}
