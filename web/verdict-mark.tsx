// The round mark of a verdict, readable without colour and by a screen reader.
import type { JSX } from 'preact';
import type { VerdictName } from '../src/core/model/verdict.ts';
import { verdictMarks } from '../src/report/verdict-words.ts';

/** Sign on a disc of the verdict's colour; `undefined` for a run that has none yet. */
export function VerdictMark({ verdict }: { readonly verdict: VerdictName | undefined }): JSX.Element {
  return (
    <span class={`mark ${verdict ?? 'none'}`} role="img" aria-label={verdict ?? 'no verdict yet'}>
      {verdict === undefined ? '…' : verdictMarks[verdict]}
    </span>
  );
}
