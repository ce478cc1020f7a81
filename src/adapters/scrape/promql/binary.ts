// Operators between scalars and vectors, one-to-one.
import { labelKey } from '../../shared/prometheus/join-series.ts';
import {
  type ArithmeticOp,
  type Binary,
  type BinaryOp,
  type ComparisonOp,
  type Matching,
  PromqlFault,
  type SetOp,
} from './expression.ts';
import { omitLabels, pickLabels, type Value, type VectorSample, withoutName } from './samples.ts';

const arithmetic: Readonly<Record<ArithmeticOp, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': (a, b) => power(a, b),
};

const comparisons: Readonly<Record<ComparisonOp, (a: number, b: number) => boolean>> = {
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** Go's math.Pow: 1 to any power, and anything to the power 0, is 1, also with NaN and infinities. */
function power(a: number, b: number): number {
  return a === 1 || (a === -1 && !Number.isFinite(b) && !Number.isNaN(b)) ? 1 : a ** b;
}

/** The value of `left op right`. Throws an evaluation fault when elements cannot be paired one to one. */
export function applyBinary(expression: Pick<Binary, 'op' | 'isBool' | 'matching'>, left: Value, right: Value): Value {
  const { op, isBool, matching } = expression;
  if (isSetOp(op)) {
    const samples = combineSets(op, matching, samplesOf(left), samplesOf(right));
    return { kind: 'vector', samples };
  }
  const compute = operation(op, isBool);
  if (left.kind === 'scalar' && right.kind === 'scalar') {
    return { kind: 'scalar', value: compute(left.value, right.value) ?? 0 };
  }
  if (left.kind === 'vector' && right.kind === 'vector')
    return { kind: 'vector', samples: pair(expression, compute, left.samples, right.samples) };
  // The value kept by a comparison is the vector's, whichever side it stands on.
  const keepsName = op in comparisons && !isBool;
  const samples = (left.kind === 'vector' ? left : (right as Value & { kind: 'vector' })).samples.flatMap(
    ({ labels, value }) => {
      const computed =
        left.kind === 'scalar'
          ? compute(left.value, value, value)
          : compute(value, (right as Value & { kind: 'scalar' }).value, value);
      return computed === undefined ? [] : [{ labels: keepsName ? labels : withoutName(labels), value: computed }];
    },
  );
  return { kind: 'vector', samples };
}

/** Undefined: a comparison filtered the element out; otherwise it keeps `kept`, by default the left value. */
type Operation = (a: number, b: number, kept?: number) => number | undefined;

function operation(op: Exclude<BinaryOp, SetOp>, isBool: boolean): Operation {
  if (!(op in comparisons)) return arithmetic[op as ArithmeticOp];
  const compare = comparisons[op as ComparisonOp];
  if (isBool) return (a, b) => (compare(a, b) ? 1 : 0);
  return (a, b, kept = a) => (compare(a, b) ? kept : undefined);
}

function isSetOp(op: BinaryOp): op is SetOp {
  return op === 'and' || op === 'or' || op === 'unless';
}

function samplesOf(value: Value): readonly VectorSample[] {
  return value.kind === 'vector' ? value.samples : [];
}

function matchKey(matching: Matching, sample: VectorSample): string {
  return labelKey(
    matching.kind === 'on'
      ? pickLabels(sample.labels, matching.labels)
      : omitLabels(sample.labels, ['__name__', ...matching.labels]),
  );
}

function pair(
  { op, isBool, matching }: Pick<Binary, 'op' | 'isBool' | 'matching'>,
  compute: Operation,
  left: readonly VectorSample[],
  right: readonly VectorSample[],
): readonly VectorSample[] {
  const partners = new Map<string, VectorSample>();
  for (const sample of right) {
    const key = matchKey(matching, sample);
    if (partners.has(key)) throw manyMatches('right', op, key);
    partners.set(key, sample);
  }
  const seen = new Set<string>();
  const keepsName = op in comparisons && !isBool;
  const samples: VectorSample[] = [];
  for (const sample of left) {
    const key = matchKey(matching, sample);
    const partner = partners.get(key);
    if (partner === undefined) continue;
    const value = compute(sample.value, partner.value);
    if (value === undefined) continue;
    if (seen.has(key)) throw manyMatches('left', op, key);
    seen.add(key);
    const labels = keepsName ? sample.labels : withoutName(sample.labels);
    samples.push({
      labels: matching.kind === 'on' ? pickLabels(labels, matching.labels) : omitLabels(labels, matching.labels),
      value,
    });
  }
  return samples;
}

function manyMatches(side: 'left' | 'right', op: BinaryOp, key: string): PromqlFault {
  const labels = JSON.parse(key) as [string, string][];
  const group = labels.map(([name, value]) => `${name}="${value}"`).join(', ');
  return new PromqlFault(
    'evaluation',
    `several series on the ${side} side of ${op} match {${group}}; many-to-one matching is not supported`,
  );
}

function combineSets(
  op: SetOp,
  matching: Matching,
  left: readonly VectorSample[],
  right: readonly VectorSample[],
): readonly VectorSample[] {
  if (op === 'or') {
    const present = new Set(left.map((sample) => matchKey(matching, sample)));
    return [...left, ...right.filter((sample) => !present.has(matchKey(matching, sample)))];
  }
  const present = new Set(right.map((sample) => matchKey(matching, sample)));
  return left.filter((sample) => present.has(matchKey(matching, sample)) === (op === 'and'));
}
