// Starts a run by hand; the service refuses it to those who may only look.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { askJson } from './api.ts';

interface Props {
  readonly name: string;
  readonly isBusy: boolean;
  /** The newest run that has ended. */
  readonly lastRunId: string | undefined;
}

export function RunNow({ name, isBusy, lastRunId }: Props): JSX.Element {
  const [said, setSaid] = useState('');
  // What was said of a run is over once the page shows the run itself, or its end.
  useEffect(() => setSaid(''), [isBusy, lastRunId]);
  const start = async (): Promise<void> => {
    setSaid('starting…');
    const answer = await askJson<{ readonly runId: string }>(`/api/v1/verifications/${encodeURIComponent(name)}/runs`, {
      method: 'POST',
    });
    if (answer.kind === 'ok') setSaid('queued');
    else setSaid(answer.kind === 'unauthorized' ? 'no valid token' : answer.message);
  };
  return (
    <span class="run-now">
      <button type="button" disabled={isBusy} onClick={() => void start()} aria-label={`Run ${name} now`}>
        Run now
      </button>
      <span class="quiet" role="status">
        {said}
      </span>
    </span>
  );
}
