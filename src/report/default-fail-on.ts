// Which verdicts are red where nobody says: the exit code, JUnit and annotations agree.
import type { VerdictName } from '../core/model/verdict.ts';

export const defaultFailOn: readonly VerdictName[] = ['fail', 'inconclusive', 'error'];
