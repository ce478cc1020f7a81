// What a run's end means, in words; nothing for a run that ended as it should.
import type { RunStatus } from '../../src/core/model/run.ts';

export const statusWords: Readonly<Record<RunStatus, string>> = {
  running: 'running',
  completed: '',
  aborted: 'stopped by a safety limit',
  interrupted: 'interrupted',
  failed: 'could not be made',
};
