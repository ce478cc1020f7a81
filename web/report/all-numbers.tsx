// The arithmetic of every verdict, clause by clause, folded away until asked for.
import type { JSX } from 'preact';
import type { ClauseVerdict, Verdict } from '../../src/core/model/verdict.ts';
import { clauseNumbers, marginText } from '../../src/report/clause-numbers.ts';
import { formatCount, formatNumber, formatQuantity, formatShare } from '../../src/report/format-quantity.ts';
import { changeText } from '../../src/report/result-requirement.ts';
import { Facts } from '../facts.tsx';
import { VerdictMark } from '../verdict-mark.tsx';

export function AllNumbers({ verdicts }: { readonly verdicts: readonly Verdict[] }): JSX.Element {
  return (
    <div class="panel numbers">
      {verdicts.map((verdict) => (
        <details key={verdict.requirement}>
          <summary>
            <VerdictMark verdict={verdict.verdict} /> <b>{verdict.requirement}</b> {verdict.title}
            <code class="quiet">{verdict.rule}</code>
          </summary>
          <VerdictNumbers verdict={verdict} />
        </details>
      ))}
    </div>
  );
}

function VerdictNumbers({ verdict }: { readonly verdict: Verdict }): JSX.Element {
  const unit = verdict.clauses[0]?.observed?.unit ?? '';
  const { vantage, baseline, definedAt } = verdict;
  const clock = (value: number | undefined): string | undefined =>
    value === undefined ? undefined : formatQuantity(value, unit);
  return (
    <div class="numbers-body" id={`numbers-${verdict.requirement}`}>
      <p>{verdict.explanation}</p>
      <Facts
        facts={[
          { name: 'priority', value: verdict.priority },
          { name: 'type', value: verdict.type },
          { name: 'written in', value: `${definedAt.file}:${definedAt.line}` },
          { name: 'margin', value: marginText(verdict) },
          { name: "by the client's clock", value: clock(vantage?.client) },
          { name: "by the server's clock", value: clock(vantage?.server) },
          { name: "by the trace's root", value: clock(vantage?.traceRoot) },
          {
            name: 'before',
            value:
              baseline === undefined
                ? undefined
                : `${formatQuantity(baseline.value, unit)} in ${baseline.runs} passed runs, ${changeText(baseline.change)}`,
          },
        ]}
      />
      {verdict.clauses.map((clause, i) => (
        <ClauseFacts key={i} clause={clause} />
      ))}
    </div>
  );
}

function ClauseFacts({ clause }: { readonly clause: ClauseVerdict }): JSX.Element {
  const numbers = clauseNumbers(clause);
  const { decision, observed } = clause;
  return (
    <div class="clause">
      <p>
        <VerdictMark verdict={clause.verdict} /> <code>{clause.clause}</code> <span class="quiet">{clause.need}</span>
      </p>
      <Facts
        facts={[
          { name: 'observed', value: numbers.value || 'nothing' },
          {
            name: observed === undefined ? 'interval' : `interval at ${formatShare(observed.confidence)}`,
            value: numbers.interval,
          },
          { name: 'limit', value: numbers.limit },
          ...(decision === undefined
            ? []
            : [
                { name: 'bad of samples', value: `${formatCount(decision.bad)} of ${formatCount(decision.samples)}` },
                { name: 'bad share', value: formatShare(decision.badShare) },
                { name: 'may be bad', value: formatShare(decision.allowed) },
                {
                  name: 'bad share lies in',
                  value: `${formatShare(decision.interval[0])}–${formatShare(decision.interval[1])}`,
                },
                { name: 'design effect', value: formatNumber(decision.designEffect) },
                {
                  name: 'independent samples',
                  value: formatCount(decision.samples / Math.max(1, decision.designEffect)),
                },
              ]),
        ]}
      />
    </div>
  );
}
