// Starts a run by hand; the service refuses it to those who may only look.
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { askJson } from './api.ts';

export function RunNow({ name, isBusy }: { readonly name: string; readonly isBusy: boolean }): JSX.Element {
  const [said, setSaid] = useState('');
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
