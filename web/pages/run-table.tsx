// Runs of a verification, newest first, each leading to its report.
import type { JSX } from 'preact';
import { formatDuration } from '../../src/report/format-time.ts';
import { VerdictMark } from '../verdict-mark.tsx';
import type { ListedRun } from './api.ts';
import { statusWords } from './status-words.ts';
import { When } from './when.tsx';

export function RunTable({ runs }: { readonly runs: readonly ListedRun[] }): JSX.Element {
  return (
    <div class="panel scroll">
      <table class="runs cards">
        <thead>
          <tr>
            <th scope="col">verdict</th>
            <th scope="col">run</th>
            <th scope="col">started</th>
            <th scope="col" class="number">
              took
            </th>
            <th scope="col">environment</th>
            <th scope="col">commit</th>
            <th scope="col">failed</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.runId} class={run.verdict ?? 'none'}>
              <td class="nowrap">
                <VerdictMark verdict={run.verdict} />{' '}
                <span class="verdict-word">{run.verdict ?? statusWords[run.status]}</span>
                {run.verdict !== undefined && run.status !== 'completed' && (
                  <span class="quiet"> {statusWords[run.status]}</span>
                )}
                {!run.isOfDocument && (
                  <span
                    class="quiet"
                    title="Fewer requirements, other fields or another load than the document has now"
                  >
                    {' '}
                    other document
                  </span>
                )}
              </td>
              <th scope="row">
                <a class="mono" href={`/runs/${encodeURIComponent(run.runId)}`}>
                  {run.runId}
                </a>
              </th>
              <td data-label="started">
                <When at={run.startedAt} />
              </td>
              <td class="number" data-label="took">
                {run.endedAt === undefined ? '' : formatDuration(run.endedAt - run.startedAt)}
              </td>
              <td data-label="environment">{run.environment}</td>
              <td class="mono" data-label="commit">
                {run.commit?.slice(0, 12)}
              </td>
              <td data-label="failed">{run.failed.join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
