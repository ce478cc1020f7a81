// Makes one ranked list of findings out of everything the detectors saw: causes first, with what amplifies them, in words.
import type { Finding } from '../../model/finding.ts';
import type { CandidateFinding, MechanismContext } from '../mechanisms/mechanism.ts';
import { adviceFor } from './explain-advice.ts';
import { type Cause, causesOf } from './explain-causes.ts';
import { confidenceOf } from './explain-confidence.ts';
import { sentenceFor } from './explain-sentence.ts';

const mostTraces = 10;
/** Behind a cause that explains most of it, what explains less than this part of that is noise. */
const worthTelling = 0.15;
/** Errors that account for less of the violation were dealt with: they may make another cause worse, but are none. */
const leastOfErrors = 0.05;

/**
 * Causes by the part of the violation they explain, the best first; candidates that another one explains become its amplifiers or vanish. Empty when
 * there are no candidates: then nothing can be blamed, and the caller says what is missing.
 */
export function explain(candidates: readonly CandidateFinding[], context: MechanismContext): readonly Finding[] {
  const causes = causesOf(candidates, context).filter(isCause);
  const most = causes[0]?.share ?? 0;
  return causes
    .filter((cause, index) => index === 0 || cause.share >= worthTelling * most)
    .map((cause, index) => finding(cause, index, causes, context));
}

const isCause = ({ main, share }: Cause): boolean => main.mechanism !== 'error-origin' || share >= leastOfErrors;

function finding(cause: Cause, index: number, causes: readonly Cause[], context: MechanismContext): Finding {
  const { main, share, effectMs, amplifiers } = cause;
  return {
    rank: index + 1,
    mechanism: main.mechanism,
    service: main.service,
    operation: main.operation,
    ...(main.edge === undefined ? {} : { edge: main.edge }),
    path: main.path,
    effectMs,
    share,
    ...(main.effectInterval === undefined ? {} : { effectInterval: main.effectInterval }),
    confidence: confidenceOf(cause, index, causes, context),
    explanation: sentenceFor(cause, context.reference.traces.length > 0),
    advice: adviceFor(cause),
    evidence: main.evidence,
    traces: main.traces.slice(0, mostTraces).map((trace) => context.prepared.set.traceIds[trace] ?? ''),
    ...(main.onsetMs === undefined ? {} : { onsetMs: main.onsetMs }),
    amplifiers: amplifiers.map(({ mechanism, service, edge }) => ({
      mechanism,
      service,
      ...(edge === undefined ? {} : { edge }),
    })),
  };
}
