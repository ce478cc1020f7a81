// One run: its progress while it runs, then its report in place of this page.
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { LoadSnapshot } from '../../src/core/model/load.ts';
import { type Answer, ask } from './api.ts';
import { Progress } from './progress.tsx';
import { Trouble } from './trouble.tsx';
import { useTitle } from './use-title.ts';

const everyMs = 2000;

interface Props {
  readonly id: string;
  readonly onUnauthorized: () => void;
}

/** What the service answers (202) while there is no report yet. */
interface Unfinished {
  readonly status: 'running' | 'waiting';
  readonly snapshot?: Partial<LoadSnapshot>;
}

/** A plain link cannot carry the token, so the report is fetched with it and takes this page's place. */
export function RunPage({ id, onUnauthorized }: Props): JSX.Element {
  useTitle(`Run ${id}`);
  const [answer, setAnswer] = useState<Answer<Unfinished> | undefined>(undefined);
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (): Promise<void> => {
      const got = await ask(`/api/v1/runs/${encodeURIComponent(id)}/report`, { signal: stop.signal });
      if (stop.signal.aborted) return;
      if (got.kind !== 'ok') setAnswer(got);
      else if (got.value.status === 200) return showReport(got.value.body);
      else setAnswer({ kind: 'ok', value: unfinished(got.value.body) });
      if (mayCome(got)) timer = setTimeout(() => void look(), everyMs);
    };
    void look();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [id]);
  return (
    <>
      <h1>
        Run <code>{id}</code>
      </h1>
      <Trouble answer={answer} onUnauthorized={onUnauthorized} />
      {answer?.kind === 'ok' && (
        <p class="panel trouble">
          {answer.value.status === 'waiting' ? 'Waiting for its turn.' : <Progress snapshot={answer.value.snapshot} />}
        </p>
      )}
    </>
  );
}

/** A service or store that is in trouble now may be well in a moment; a run that is not known stays so. */
function mayCome(answer: Answer<unknown>): boolean {
  return answer.kind === 'ok' || answer.kind === 'unreachable' || (answer.kind === 'refused' && answer.status >= 500);
}

function unfinished(body: string): Unfinished {
  try {
    return JSON.parse(body) as Unfinished;
  } catch {
    return { status: 'running' };
  }
}

function showReport(html: string): void {
  document.open();
  document.write(html);
  document.close();
}
