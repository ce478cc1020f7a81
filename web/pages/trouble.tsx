// What to show while an answer is missing.
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Answer } from './api.ts';

interface Props {
  readonly answer: Answer<unknown> | undefined;
  readonly onUnauthorized: () => void;
}

/** Nothing when the answer is good. */
export function Trouble({ answer, onUnauthorized }: Props): JSX.Element | null {
  const isUnauthorized = answer?.kind === 'unauthorized';
  useEffect(() => {
    if (isUnauthorized) onUnauthorized();
  }, [isUnauthorized, onUnauthorized]);
  if (answer === undefined) return <p class="quiet">Asking the service…</p>;
  if (answer.kind === 'refused')
    return (
      <p class="panel trouble" role="alert">
        The service answered {answer.status}: {answer.message}
      </p>
    );
  if (answer.kind === 'unreachable')
    return (
      <p class="panel trouble" role="alert">
        The service does not answer ({answer.message}); asking again.
      </p>
    );
  return null;
}
