// How a verification stands: what its newest run said of each requirement, and where it broke.
import type { Finding } from '../core/model/finding.ts';
import type { Run, RunSummary } from '../core/model/run.ts';
import type { Verdict } from '../core/model/verdict.ts';
import type { RunStore } from '../ports/run-store.ts';
import { attributionOf } from '../report/attribution-of.ts';
import { worstFirst } from '../report/worst-first.ts';

export interface Standing {
  readonly runId: string;
  /** Why the run ended early, could not be made or could not judge. */
  readonly message?: string;
  /** Of the worst requirement that broke; absent when none did, or nobody knows why. */
  readonly cause?: Pick<Finding, 'mechanism' | 'service' | 'operation' | 'path' | 'explanation'>;
  /** By requirement id. */
  readonly verdicts: Readonly<Record<string, Pick<Verdict, 'verdict' | 'explanation' | 'margin'>>>;
}

/** Reads a run once, however often it is asked for: pages ask every few seconds, and a whole run is large. */
export function standings(store: RunStore): (run: RunSummary) => Promise<Standing | undefined> {
  const known = new Map<string, Standing>();
  return async ({ runId, verification }) => {
    const before = known.get(verification);
    if (before?.runId === runId) return before;
    const run = await store.get(runId);
    if (!run.ok) return undefined;
    const standing = standingOf(run.value);
    known.set(verification, standing);
    return standing;
  };
}

function standingOf(run: Run): Standing {
  const causes = worstFirst(run.verdicts).flatMap(({ requirement }) => attributionOf(run, requirement).findings);
  const [first] = causes;
  const message = run.message ?? whyUndecided(run);
  return {
    runId: run.plan.runId,
    ...(message === undefined ? {} : { message }),
    ...(first === undefined ? {} : { cause: causeOf(first) }),
    verdicts: Object.fromEntries(
      run.verdicts.map(({ requirement, verdict, explanation, margin }) => [
        requirement,
        { verdict, explanation, ...(margin === undefined ? {} : { margin }) },
      ]),
    ),
  };
}

/** The reason of the whole run where there is one, else that of its worst requirement. */
function whyUndecided({ verdict, validity, verdicts }: Run): string | undefined {
  if (verdict !== 'inconclusive' && verdict !== 'error') return undefined;
  const [worst] = worstFirst(verdicts);
  return validity.reasons[0] ?? (worst === undefined ? undefined : `${worst.requirement}: ${worst.explanation}`);
}

function causeOf({ mechanism, service, operation, path, explanation }: Finding): NonNullable<Standing['cause']> {
  return { mechanism, service, operation, path, explanation };
}
