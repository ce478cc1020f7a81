// Signs of failure other than time: spans that fail more often than they did, and calls that are no longer made.
import { spanKind } from '../../model/trace-set.ts';
import { callFactsOf } from '../calls/call-facts.ts';
import { errorOwner } from '../calls/error-owner.ts';
import { toleratedFailures } from '../calls/tolerated-failures.ts';
import type { Population } from '../prepare/population.ts';
import type { PreparedTraces } from '../prepare/prepared-traces.ts';
import { remember } from '../spans/remember.ts';
import { clustering, type SeriesMoments } from '../statistics/serial-correlation.ts';
import { timeOrder } from './time-order.ts';

/** Something that happens clearly more often in violating traces. */
export interface FaultSign {
  /**
   * `errors`: spans of one operation that fail although nothing they called failed. `missing-calls`: work that ends after a certain call where it used
   * to go on.
   */
  readonly kind: 'errors' | 'missing-calls';
  /**
   * Who may be at fault, best first. Work that ends after a call may be the fault of either side: its own exception, or a wrong answer. A failing
   * answer would be a sign of its own, so the side that stopped comes first.
   */
  readonly suspects: readonly string[];
  /** Service and operation that it is seen at. */
  readonly service: string;
  readonly operation: string;
  /** For `missing-calls`: the last call that is still made, '' when not even the first one is. */
  readonly after: string;
  readonly violating: { readonly count: number; readonly of: number };
  readonly reference: { readonly count: number; readonly of: number };
  /**
   * Log-likelihood ratio (G statistic, one degree of freedom), divided by how much the cases come in bursts, beyond what chance gives once in twenty;
   * always positive.
   */
  readonly evidence: number;
  /** Violating traces that show it, at most 10. */
  readonly traces: readonly number[];
}

/** 95% point of the chi-squared distribution with one degree of freedom. */
const chance = 3.84;
const shownTraces = 10;

/**
 * Compares how often each thing happens in the two populations; strongest first. Unweighted: both are counts under the same operation (and last call),
 * which the mix of requests hardly moves. Linear in the spans of both populations.
 */
export function faultSigns(
  prepared: PreparedTraces,
  violating: Population,
  reference: Population,
): readonly FaultSign[] {
  const counts = counters();
  const isTolerated = toleratedFailures(prepared, violating, reference);
  for (const [side, population] of [violating, reference].entries()) {
    for (const at of timeOrder(prepared, population.traces)) {
      const trace = population.traces[at] ?? 0;
      countTrace(prepared, { counts, isTolerated }, trace, side === 0 ? 'violating' : 'reference');
    }
  }
  return [...counts.all()]
    .flatMap((cell) => {
      const bursts = clustering(momentsOf(cell.violating), momentsOf(cell.reference));
      const evidence = oneSidedG(cell.violating, cell.reference) / bursts - chance;
      return evidence > 0
        ? [
            {
              ...cell.describe(),
              violating: shareOf(cell.violating),
              reference: shareOf(cell.reference),
              evidence,
              traces: cell.traces,
            },
          ]
        : [];
    })
    .sort((a, b) => b.evidence - a.evidence || (a.service + a.operation < b.service + b.operation ? -1 : 1));
}

/** Cases among chances, in order of time. */
interface Count {
  count: number;
  of: number;
  /** Cases right after a case. */
  runs: number;
  first: number;
  last: number;
}

const noCount = (): Count => ({ count: 0, of: 0, runs: 0, first: 0, last: 0 });

/** Of the series of ones and zeros. */
const momentsOf = ({ count, of, runs, first, last }: Count): SeriesMoments => ({
  count: of,
  sum: count,
  squares: count,
  products: runs,
  first,
  last,
});

type Description = Pick<FaultSign, 'kind' | 'suspects' | 'service' | 'operation' | 'after'>;

const shareOf = ({ count, of }: Count): FaultSign['violating'] => ({ count, of });

interface Cell {
  readonly violating: Count;
  readonly reference: Count;
  readonly traces: number[];
  readonly describe: () => Description;
}

interface Counters {
  readonly cell: (key: number, describe: () => Description) => Cell;
  readonly all: () => Iterable<Cell>;
}

function counters(): Counters {
  const cells = new Map<number, Cell>();
  return {
    cell(key, describe) {
      const known = cells.get(key);
      if (known !== undefined) return known;
      const made: Cell = { violating: noCount(), reference: noCount(), traces: [], describe };
      cells.set(key, made);
      return made;
    },
    all: () => cells.values(),
  };
}

type Side = 'violating' | 'reference';

interface Counting {
  readonly counts: Counters;
  /** Per span: failures that hide nothing above them (toleratedFailures). */
  readonly isTolerated: Uint8Array;
}

function countTrace(prepared: PreparedTraces, counting: Counting, trace: number, side: Side): void {
  const { firstSpan } = prepared.set;
  for (let span = firstSpan[trace] ?? 0; span < (firstSpan[trace + 1] ?? 0); span += 1) {
    countErrors(prepared, counting, { trace, span, side });
    if (prepared.set.kind[span] !== spanKind.client) countEndings(prepared, counting.counts, { trace, span, side });
  }
}

interface Sighting {
  readonly trace: number;
  readonly span: number;
  readonly side: Side;
}

/** A call may fail for its callee or for this caller. */
function countErrors(
  prepared: PreparedTraces,
  { counts, isTolerated }: Counting,
  { trace, span, side }: Sighting,
): void {
  const kind = prepared.set.kind[span];
  const isCall = kind === spanKind.client || kind === spanKind.producer;
  const own = prepared.service[span] ?? 0;
  const callee = prepared.payer[span] ?? own;
  const failing = failsByItself(prepared, isTolerated, span) ? errorOwner(prepared, span) : -1;
  const count = (key: number, owner: number): void =>
    tick(
      counts.cell(key, () => errorsOf(prepared, span, owner)),
      { trace, side, happened: failing === owner },
    );
  const key = 4 * (signature(prepared, span) * 2 ** 20);
  count(key + (isCall ? 2 : 1), callee);
  if (callee !== own) count(key + 4 * own + 3, own);
}

function errorsOf(prepared: PreparedTraces, span: number, owner: number): Description {
  const service = prepared.services[owner] ?? '';
  return { kind: 'errors', suspects: [service], service, operation: operationName(prepared, span), after: '' };
}

/** Failed, and no child failed that usually does not, nor the SERVER span that answered a child. */
function failsByItself(prepared: PreparedTraces, isTolerated: Uint8Array, span: number): boolean {
  const { failed } = callFactsOf(prepared);
  const matters = (below: number): boolean => failed[below] === 1 && isTolerated[below] === 0;
  if (failed[span] !== 1) return false;
  for (let child = prepared.firstChild[span] ?? -1; child >= 0; child = prepared.nextSibling[child] ?? -1) {
    if (matters(child) || matters(prepared.serverChild[child] ?? -1)) return false;
  }
  return true;
}

/** Follows the children of a span in order of start: after each call, does the work go on? A first-order chain of calls. */
function countEndings(prepared: PreparedTraces, counts: Counters, { trace, span, side }: Sighting): void {
  const { nextSibling, firstChild } = prepared;
  const own = signature(prepared, span);
  let last = -1;
  for (let next = firstChild[span] ?? -1; ; next = nextSibling[next] ?? -1) {
    const previous = last;
    const key = 4 * (own * 2 ** 20 + (previous < 0 ? 0 : signature(prepared, previous) + 1));
    tick(
      counts.cell(key, () => endingAfter(prepared, span, previous)),
      { trace, side, happened: next < 0 },
    );
    if (next < 0) return;
    last = next;
  }
}

function endingAfter(prepared: PreparedTraces, span: number, last: number): Description {
  const { service, services, payer } = prepared;
  const own = services[service[span] ?? 0] ?? '';
  const callee = last < 0 ? own : (services[payer[last] ?? 0] ?? own);
  return {
    kind: 'missing-calls',
    suspects: callee === own ? [own] : [own, callee],
    service: own,
    operation: operationName(prepared, span),
    after: last < 0 ? '' : `${callee} ${operationName(prepared, last)}`,
  };
}

function tick(
  cell: Cell,
  { trace, side, happened }: { readonly trace: number; readonly side: Side; readonly happened: boolean },
): void {
  const counted = cell[side];
  const value = happened ? 1 : 0;
  if (counted.of === 0) counted.first = value;
  counted.runs += value * counted.last;
  counted.last = value;
  counted.of += 1;
  counted.count += value;
  if (!happened) return;
  if (side === 'violating' && cell.traces.length < shownTraces && cell.traces.at(-1) !== trace) cell.traces.push(trace);
}

/** The callee's operation for a call, else the span's name. */
function operationName({ set, edge, edges }: PreparedTraces, span: number): string {
  return edges[edge[span] ?? -1]?.operation ?? set.strings[set.name[span] ?? 0] ?? '';
}

/** One number for who is billed for a span and what it does; below 2^20 in any system that people have named by hand. */
function signature(prepared: PreparedTraces, span: number): number {
  return signaturesOf(prepared)[span] ?? 0;
}

/** A call that nobody answered does what calls of its name otherwise reach (PreparedTraces.edges): else it could be compared with none of them. */
const signaturesOf: (prepared: PreparedTraces) => Uint32Array = remember(({ set, payer, edge, edges }) => {
  const indexOf = new Map<string | number, number>();
  const idOf = (key: string | number): number => {
    const known = indexOf.get(key);
    if (known !== undefined) return known;
    indexOf.set(key, indexOf.size);
    return indexOf.size - 1;
  };
  const ofEdge = edges.map(({ callee, operation }) => idOf(JSON.stringify([callee, operation])));
  return payer.map(
    (billed, span) => ofEdge[edge[span] ?? -1] ?? idOf(billed * set.strings.length + (set.name[span] ?? 0)),
  );
});

/** Against chance: 2 ln of the likelihood ratio of two binomial shares, 0 when the first is not the greater. Half a case of doubt on each side. */
export function oneSidedG(first: FaultSign['violating'], second: FaultSign['violating']): number {
  const [a, n] = [first.count + 0.25, first.of + 0.5];
  const [b, m] = [second.count + 0.25, second.of + 0.5];
  if (a / n <= b / m) return 0;
  const both = (a + b) / (n + m);
  const part = (found: number, expected: number): number => (found > 0 ? found * Math.log(found / expected) : 0);
  return 2 * (part(a, n * both) + part(n - a, n * (1 - both)) + part(b, m * both) + part(m - b, m * (1 - both)));
}
