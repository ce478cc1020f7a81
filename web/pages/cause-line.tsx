// Where the newest run broke, in one line: slow dependency in fraud: gateway › checkout › payments › fraud.
import type { JSX } from 'preact';
import { mechanismAt } from '../../src/report/mechanism-words.ts';
import { Chain } from '../report/chain.tsx';
import type { VerificationEntry } from './api.ts';

/** Why the run could not be made or could not judge, where no cause is known; nothing when it passed. */
export function CauseLine({ entry: { cause, message } }: { readonly entry: VerificationEntry }): JSX.Element | null {
  if (cause !== undefined) {
    return (
      <span class="cause-line" title={cause.explanation}>
        {mechanismAt(cause.mechanism)} <b>{cause.service}</b>: <Chain finding={cause} />
      </span>
    );
  }
  return message === undefined ? null : <span class="cause-line">{message}</span>;
}
