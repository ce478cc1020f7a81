// One verification: what it requires, and its runs.
import type { JSX } from 'preact';
import { VerdictMark } from '../verdict-mark.tsx';
import type { VerificationDetail } from './api.ts';
import { Progress } from './progress.tsx';
import { RunNow } from './run-now.tsx';
import { RunTable } from './run-table.tsx';
import { Trouble } from './trouble.tsx';
import { usePolled } from './use-polled.ts';
import { When } from './when.tsx';

const everyMs = 5000;
const stripLength = 40;

interface Props {
  readonly name: string;
  readonly onUnauthorized: () => void;
}

export function VerificationPage({ name, onUnauthorized }: Props): JSX.Element {
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
  const last = detail.lastRun ?? runs[0];
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
        <RunNow name={detail.name} isBusy={active !== undefined || detail.waiting === true} />
      </p>
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
        <table>
          <thead>
            <tr>
              <th scope="col">requirement</th>
              <th scope="col">rule</th>
              <th scope="col">type</th>
              <th scope="col">priority</th>
              <th scope="col">last run</th>
            </tr>
          </thead>
          <tbody>
            {detail.requirements.map((requirement) => (
              <tr key={requirement.id}>
                <th scope="row">
                  <b>{requirement.id}</b> {requirement.title}
                </th>
                <td>
                  <code>{requirement.rule}</code>
                </td>
                <td>{requirement.type}</td>
                <td>{requirement.priority}</td>
                <td>
                  {last?.failed.includes(requirement.id) === true ? (
                    <span class="fail verdict-word">✗ failed</span>
                  ) : (
                    ''
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <h2>Runs</h2>
      {runs.length === 0 ? <p class="panel trouble">No run yet.</p> : <RunTable runs={runs} />}
    </>
  );
}
