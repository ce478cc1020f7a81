// Every verification and how it stands.
import type { JSX } from 'preact';
import { VerdictMark } from '../verdict-mark.tsx';
import type { VerificationEntry } from './api.ts';
import { CauseLine } from './cause-line.tsx';
import { Progress } from './progress.tsx';
import { RunNow } from './run-now.tsx';
import { Trouble } from './trouble.tsx';
import { usePolled } from './use-polled.ts';
import { useTitle } from './use-title.ts';
import { When } from './when.tsx';

const everyMs = 5000;

export function FleetPage({ onUnauthorized }: { readonly onUnauthorized: () => void }): JSX.Element {
  useTitle('Verifications');
  const answer = usePolled<{ readonly verifications: readonly VerificationEntry[] }>('/api/v1/verifications', everyMs);
  const entries = answer?.kind === 'ok' ? worstFirst(answer.value.verifications) : undefined;
  return (
    <>
      <h1>Verifications</h1>
      <Trouble answer={answer} onUnauthorized={onUnauthorized} />
      {entries?.length === 0 && (
        <p class="panel trouble">No documents yet: put a Verification into the folder given with --slos.</p>
      )}
      {entries !== undefined && entries.length > 0 && (
        <div class="panel scroll">
          <table class="fleet cards">
            <thead>
              <tr>
                <th scope="col">verdict</th>
                <th scope="col">verification</th>
                <th scope="col">last run</th>
                <th scope="col">broken</th>
                <th scope="col">next</th>
                <th scope="col">
                  <span class="visually-hidden">actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {entries.map((entry) => (
                <Row key={`${entry.name} ${entry.environment}`} entry={entry} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function Row({ entry }: { readonly entry: VerificationEntry }): JSX.Element {
  const { lastRun, active } = entry;
  const verdict = lastRun?.verdict;
  return (
    <tr class={verdict ?? 'none'}>
      <td class="nowrap">
        <VerdictMark verdict={verdict} /> <span class="verdict-word">{verdict ?? lastRun?.status ?? 'no run yet'}</span>
      </td>
      <th scope="row">
        <a href={`/verifications/${encodeURIComponent(entry.name)}`}>{entry.name}</a>{' '}
        <span class="quiet about">
          {entry.service} in {entry.environment}, {entry.requirementCount} requirements
        </span>
      </th>
      <td data-label="last run">
        {lastRun === undefined ? (
          ''
        ) : (
          <a href={`/runs/${encodeURIComponent(lastRun.runId)}`}>
            <When at={lastRun.startedAt} />
          </a>
        )}
      </td>
      <td data-label="broken">
        {lastRun !== undefined && lastRun.failed.length > 0 && <b>{lastRun.failed.join(', ')} </b>}
        <CauseLine entry={entry} />
      </td>
      <td data-label="next">
        {active !== undefined ? (
          <a href={`/runs/${encodeURIComponent(active.runId)}`}>
            <Progress snapshot={active.snapshot} />
          </a>
        ) : entry.waiting === true ? (
          'waiting'
        ) : entry.nextRunAt === undefined ? (
          <span class="quiet">on demand</span>
        ) : (
          <When at={entry.nextRunAt} />
        )}
      </td>
      <td>
        <RunNow name={entry.name} isBusy={active !== undefined || entry.waiting === true} lastRunId={lastRun?.runId} />
      </td>
    </tr>
  );
}

const order = ['fail', 'error', 'inconclusive', 'warn', 'none', 'pass'];

function worstFirst(entries: readonly VerificationEntry[]): readonly VerificationEntry[] {
  const rank = (entry: VerificationEntry): number => order.indexOf(entry.lastRun?.verdict ?? 'none');
  return [...entries].sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
}
