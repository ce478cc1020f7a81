// One verification: what it requires, and its runs.
import type { JSX } from 'preact';
import { VerdictMark } from '../verdict-mark.tsx';
import type { VerificationDetail } from './api.ts';
import { CauseLine } from './cause-line.tsx';
import { Progress } from './progress.tsx';
import { RunNow } from './run-now.tsx';
import { RunTable } from './run-table.tsx';
import { Trouble } from './trouble.tsx';
import { usePolled } from './use-polled.ts';
import { useTitle } from './use-title.ts';
import { When } from './when.tsx';

const everyMs = 5000;
const stripLength = 40;

interface Props {
  readonly name: string;
  readonly onUnauthorized: () => void;
}

export function VerificationPage({ name, onUnauthorized }: Props): JSX.Element {
  useTitle(name);
  const answer = usePolled<VerificationDetail>(`/api/v1/verifications/${encodeURIComponent(name)}`, everyMs);
  return (
    <>
      <h1>{name}</h1>
      <Trouble answer={answer} onUnauthorized={onUnauthorized} />
      {answer?.kind === 'ok' && <Detail detail={answer.value} />}
    </>
  );
}

function Detail({ detail }: { readonly detail: VerificationDetail }): JSX.Element {
  const { active, nextRunAt, runs } = detail;
  return (
    <>
      <p class="quiet">
        {detail.service} in {detail.environment}
        {nextRunAt !== undefined && (
          <>
            {' · next run '}
            <When at={nextRunAt} />
          </>
        )}
      </p>
      <p class="actions">
        {active !== undefined && (
          <a href={`/runs/${encodeURIComponent(active.runId)}`}>
            <Progress snapshot={active.snapshot} />
          </a>
        )}
        <RunNow
          name={detail.name}
          isBusy={active !== undefined || detail.waiting === true}
          lastRunId={detail.lastRun?.runId}
        />
      </p>
      {(detail.cause !== undefined || detail.message !== undefined) && (
        <p class="panel trouble cause">
          <CauseLine entry={detail} />
        </p>
      )}
      {runs.length > 0 && (
        <ol class="strip" aria-label="verdicts, newest last">
          {runs
            .slice(0, stripLength)
            .reverse()
            .map((run) => (
              <li key={run.runId}>
                <a href={`/runs/${encodeURIComponent(run.runId)}`} title={`${run.verdict ?? run.status} ${run.runId}`}>
                  <VerdictMark verdict={run.verdict} />
                </a>
              </li>
            ))}
        </ol>
      )}
      <h2>Requirements</h2>
      <div class="panel scroll">
        <table class="requirements cards">
          <thead>
            <tr>
              <th scope="col">verdict</th>
              <th scope="col">requirement</th>
              <th scope="col">seen in the last run</th>
            </tr>
          </thead>
          <tbody>
            {detail.requirements.map((requirement) => (
              <RequirementRow key={requirement.id} requirement={requirement} />
            ))}
          </tbody>
        </table>
      </div>
      <h2>Runs</h2>
      {runs.length === 0 ? <p class="panel trouble">No run yet.</p> : <RunTable runs={runs} />}
    </>
  );
}

function RequirementRow({
  requirement,
}: {
  readonly requirement: VerificationDetail['requirements'][number];
}): JSX.Element {
  const { id, title, rule, priority, last } = requirement;
  return (
    <tr class={last?.verdict ?? 'none'}>
      <td class="nowrap">
        <VerdictMark verdict={last?.verdict} /> <span class="verdict-word">{last?.verdict ?? 'no verdict'}</span>
      </td>
      <th scope="row">
        <b>{id}</b> {title}{' '}
        <span class="quiet about">
          <code>{rule}</code> · {priority}
        </span>
      </th>
      <td data-label="seen">{last?.explanation}</td>
    </tr>
  );
}
