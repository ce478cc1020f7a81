// The newest answer of the API, asked for again and again while the page is looked at.
import { useEffect, useState } from 'preact/hooks';
import { type Answer, askJson } from './api.ts';

/** Undefined until the first answer. Asks every `everyMs` after the answer before, not while the tab is hidden; stops with the component. */
export function usePolled<T>(path: string, everyMs: number): Answer<T> | undefined {
  const [answer, setAnswer] = useState<Answer<T> | undefined>(undefined);
  useEffect(() => {
    const stop = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const poll = async (): Promise<void> => {
      const next = await askJson<T>(path, { signal: stop.signal });
      if (stop.signal.aborted) return;
      setAnswer(next);
      if (next.kind !== 'unauthorized') timer = setTimeout(again, everyMs);
    };
    const again = (): void => {
      if (document.hidden) timer = setTimeout(again, everyMs);
      else void poll();
    };
    void poll();
    return () => {
      stop.abort();
      clearTimeout(timer);
    };
  }, [path, everyMs]);
  return answer;
}
