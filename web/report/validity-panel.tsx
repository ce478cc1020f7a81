// Whether the run may judge at all, and what could not be seen.
import type { JSX } from 'preact';
import type { GeneratorHealth } from '../../src/core/model/load.ts';
import type { Run } from '../../src/core/model/run.ts';
import {
  formatCount,
  formatMillis,
  formatNumber,
  formatQuantity,
  formatShare,
} from '../../src/report/format-quantity.ts';
import { coverageText } from '../../src/report/verdict-words.ts';
import { Facts } from '../facts.tsx';
import { VerdictMark } from '../verdict-mark.tsx';

function answerOf({ ok, touches, failuresStand }: Run['validity']): string {
  if (ok) return 'Yes.';
  if (failuresStand === true)
    return 'Only that requirements are broken: those verdicts stand, all others are inconclusive.';
  return touches === 'traces'
    ? 'Not what is measured on traces: those verdicts are inconclusive.'
    : 'No: verdicts of this run are inconclusive.';
}

export function ValidityPanel({ run }: { readonly run: Run }): JSX.Element {
  const { validity, generator } = run;
  const { traces, spans, ratio, withoutEntry, skewCorrected, repeated } = run.attribution.completeness;
  const drops = run.dropped.filter((drop) => drop.count > 0);
  const isLoad = run.plan.mode === 'run';
  return (
    <div class="panel padded validity">
      <p>
        <VerdictMark verdict={validity.ok ? 'pass' : 'inconclusive'} /> <b>{answerOf(validity)}</b>{' '}
        {validity.ok && isLoad && 'The generator kept its schedule.'}
      </p>
      <Reasons reasons={validity.reasons} />
      <Facts
        facts={[
          { name: 'dropped arrivals', value: isLoad ? formatShare(validity.droppedShare) : undefined },
          { name: 'send lag p99', value: isLoad ? formatMillis(validity.sendLagP99Ms) : undefined },
          { name: 'trace coverage', value: isLoad ? coverageText(validity) : undefined },
          {
            name: 'traces read',
            value: traces === 0 ? undefined : `${formatCount(traces)} (${formatCount(spans)} spans)`,
          },
          { name: 'spans with their parent', value: traces === 0 ? undefined : formatShare(ratio) },
          { name: 'without entry span', value: withoutEntry === 0 ? undefined : formatCount(withoutEntry) },
          { name: 'clocks corrected', value: skewCorrected === 0 ? undefined : formatCount(skewCorrected) },
          { name: 'repeated span ids', value: repeated === undefined ? undefined : formatCount(repeated) },
        ]}
      />
      {generator !== undefined && (
        <>
          <h4>Load generator: {generator.healthy ? 'healthy' : 'not healthy'}</h4>
          <Reasons reasons={generator.reasons} />
          <Facts
            facts={[
              {
                name: 'rate achieved',
                value: achievedText(generator),
              },
              { name: 'lag p99', value: formatMillis(generator.lagP99) },
              { name: 'event-loop delay p99', value: formatMillis(generator.eventLoopDelayP99) },
              { name: 'CPU', value: `${formatNumber(generator.cpuSeconds)} s` },
              { name: 'connections opened', value: formatCount(generator.connectionsOpened) },
              {
                name: 'waited for a connection',
                value:
                  (generator.connectionWaits ?? 0) === 0
                    ? undefined
                    : `${formatCount(generator.connectionWaits ?? 0)} requests: all of safety.maxConnections in use`,
              },
              { name: 'most in flight', value: formatCount(generator.maxInFlight) },
              {
                name: 'dropped',
                value: drops.map((drop) => `${formatCount(drop.count)} in ${drop.phase} (${drop.reason})`).join(', '),
              },
            ]}
          />
        </>
      )}
      {run.gaps.length > 0 && (
        <>
          <h4>What could not be seen</h4>
          <ul class="reasons">
            {run.gaps.map((gap) => (
              <li key={`${gap.kind} ${gap.source} ${gap.message}`}>
                {gap.kind} from {gap.source}, {gap.reason}: {gap.message}
                {gap.requirements.length > 0 && <span class="quiet"> (needed by {gap.requirements.join(', ')})</span>}
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function Reasons({ reasons }: { readonly reasons: readonly string[] }): JSX.Element | null {
  return reasons.length === 0 ? null : (
    <ul class="reasons">
      {reasons.map((reason) => (
        <li key={reason}>{reason}</li>
      ))}
    </ul>
  );
}

function achievedText({ achievedRate, plannedRate }: GeneratorHealth): string {
  const planned = plannedRate === undefined ? '' : ` of ${formatQuantity(plannedRate, '/s')}`;
  return `${formatQuantity(achievedRate, '/s')}${planned}`;
}
