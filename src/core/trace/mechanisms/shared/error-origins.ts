// Where errors begin: failing spans with nothing failing below them that requests did not live with before, by service, operation and type.
import type { Edge } from '../../../model/finding.ts';
import { callFactsOf } from '../../calls/call-facts.ts';
import { errorOwner } from '../../calls/error-owner.ts';
import { toleratedFailures } from '../../calls/tolerated-failures.ts';
import type { PreparedTraces } from '../../prepare/prepared-traces.ts';
import { remember } from '../../spans/remember.ts';
import type { MechanismContext } from '../mechanism.ts';
import { type Tally, tally } from './tally.ts';

export interface ErrorOrigin {
  readonly service: string;
  readonly operation: string;
  /** exception.type or error.type; '' when none was recorded. */
  readonly type: string;
  readonly edge: Edge | undefined;
  /** Requests in which it occurs, and how surely more than in the reference (Tally.certainty). */
  readonly share: number;
  readonly referenceShare: number;
  readonly certainty: number;
  /** Of the failed violating requests, those in which it occurs; 0 when none failed. */
  readonly failingShare: number;
  readonly example: number;
  readonly countIn: (trace: number) => number;
}

/** Origins seen in violating requests, the most frequent first. Linear. */
export const errorOriginsOf: (context: MechanismContext) => readonly ErrorOrigin[] = remember((context) => {
  const groups = groupOrigins(context);
  const { firstSpan } = context.prepared.set;
  const seen = new Set<number>();
  const sums = tally(context, groups.count * 2, (trace, add) => {
    seen.clear();
    for (let span = firstSpan[trace] ?? 0; span < (firstSpan[trace + 1] ?? 0); span += 1) {
      const group = groups.of[span] ?? -1;
      if (group < 0 || seen.has(group)) continue;
      seen.add(group);
      add(group * 2, 1);
      if (context.failed[trace] === 1) add(group * 2 + 1, 1);
    }
  });
  const failing = failedViolators(context);
  const examples = findExamples(context, groups);
  return Array.from({ length: groups.count }, (_, group) => group)
    .filter((group) => (examples[group] ?? -1) >= 0)
    .map((group) => describe(context, { groups, sums, failing, examples }, group))
    .sort((a, b) => b.share - b.referenceShare - (a.share - a.referenceShare) || a.example - b.example);
});

interface Groups {
  readonly count: number;
  /** Per span: -1 for spans at which no error begins. */
  readonly of: Int32Array;
}

function groupOrigins({ prepared, violating, reference }: MechanismContext): Groups {
  const { set, order, parent } = prepared;
  const isTolerated = toleratedFailures(prepared, violating, reference);
  const { failed, timedOut, asksAgain, errorType } = callFactsOf(prepared);
  const failsBelow = new Uint8Array(failed.length);
  const of = new Int32Array(failed.length).fill(-1);
  const ids = new Map<number, number>();
  for (let at = order.length - 1; at >= 0; at -= 1) {
    const span = order[at] ?? 0;
    const above = parent[span] ?? -1;
    // A call that asks again (a login challenge) is part of the conversation.
    const hasFailed = failed[span] === 1 && asksAgain[span] === 0;
    const mattersAbove = hasFailed && isTolerated[span] === 0;
    if (above >= 0 && (mattersAbove || failsBelow[span] === 1)) failsBelow[above] = 1;
    if (!hasFailed || failsBelow[span] === 1 || timedOut[span] === 1) continue;
    const place = (errorOwner(prepared, span) * set.strings.length + (set.name[span] ?? 0)) * (set.values.length + 1);
    const key = place + (errorType[span] ?? -1) + 1;
    let id = ids.get(key);
    if (id === undefined) {
      id = ids.size;
      ids.set(key, id);
    }
    of[span] = id;
  }
  return { count: ids.size, of };
}

/** Per group: its first span in a violating request; -1 when it occurs in none. */
function findExamples({ prepared, violating }: MechanismContext, groups: Groups): Int32Array {
  const examples = new Int32Array(groups.count).fill(-1);
  for (const trace of violating.traces) {
    for (let span = prepared.set.firstSpan[trace] ?? 0; span < (prepared.set.firstSpan[trace + 1] ?? 0); span += 1) {
      const group = groups.of[span] ?? -1;
      if (group >= 0 && (examples[group] ?? -1) < 0) examples[group] = span;
    }
  }
  return examples;
}

const failedViolators = ({ violating, failed }: MechanismContext): number =>
  violating.traces.reduce((count, trace) => count + (failed[trace] === 1 ? 1 : 0), 0) /
  Math.max(1, violating.traces.length);

interface Seen {
  readonly groups: Groups;
  readonly sums: Tally;
  readonly failing: number;
  readonly examples: Int32Array;
}

function describe(context: MechanismContext, { groups, sums, failing, examples }: Seen, group: number): ErrorOrigin {
  const { prepared } = context;
  const { set } = prepared;
  const example = examples[group] ?? 0;
  const type = callFactsOf(prepared).errorType[example] ?? -1;
  return {
    service: prepared.services[errorOwner(prepared, example)] ?? '',
    operation: set.strings[set.name[example] ?? 0] ?? '',
    type: type < 0 ? '' : String(set.values[type]),
    edge: prepared.edges[edgeAbove(prepared, example)],
    share: sums.violating[group * 2] ?? 0,
    referenceShare: sums.reference[group * 2] ?? 0,
    certainty: sums.certainty[group * 2] ?? 0,
    failingShare: failing > 0 ? (sums.violating[group * 2 + 1] ?? 0) / failing : 0,
    example,
    countIn: (trace) => {
      let count = 0;
      for (let span = set.firstSpan[trace] ?? 0; span < (set.firstSpan[trace + 1] ?? 0); span += 1) {
        if (groups.of[span] === group) count += 1;
      }
      return count;
    },
  };
}

/** The edge of the call that the span is, or that led into its service. */
function edgeAbove(prepared: PreparedTraces, span: number): number {
  for (let at = span; at >= 0; at = prepared.parent[at] ?? -1) {
    if ((prepared.edge[at] ?? -1) >= 0 && prepared.payer[at] === errorOwner(prepared, span))
      return prepared.edge[at] ?? -1;
    if (prepared.service[at] !== prepared.service[span]) return -1;
  }
  return -1;
}
