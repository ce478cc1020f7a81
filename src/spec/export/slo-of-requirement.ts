// Requirements that can be said as an SLO on production traffic: the same limit, on the service's own metrics.
import type { Clause, Requirement } from '../../core/model/requirement.ts';
import { type Ratio, ratio } from '../../core/model/units.ts';
import type { Slo, SloIndicator, Verification } from '../../core/model/verification.ts';
import { httpDuration, selectorOf } from '../../core/slo/evidence/server-queries.ts';
import { httpBucketEdges } from '../http-bucket-edges.ts';
import { printDuration } from '../print/print-quantity.ts';
import { defaults } from '../schema/defaults.ts';

/** An SLO and what it was made from. */
export interface RequirementSlo {
  readonly slo: Slo;
  readonly requirement: Requirement;
  /** What a reader must know about it: a limit that the default buckets do not have, what the service's metrics cannot tell apart. */
  readonly notes: readonly string[];
}

/** Why a requirement of these types cannot be said as an SLO. */
export interface NoSlo {
  readonly reason: string;
}

/**
 * `latency` with an upper percentile (`p99 <= 250ms`: 99% good), `errors` with an upper rate (`rate <= 0.1%`: 99.9% good). Everything else has no OpenSLO form and gives
 * nothing. Queries are on the OpenTelemetry HTTP server histogram; without `where.service` the verification's service is meant.
 */
export function sloOfRequirement(
  requirement: Requirement,
  verification: Verification,
): RequirementSlo | NoSlo | undefined {
  const [clause, ...more] = requirement.require.clauses;
  if (clause === undefined || more.length > 0 || clause.inSlices !== undefined || clause.limit.kind !== 'fixed')
    return undefined;
  if (clause.op !== 'lte' && clause.op !== 'lt') return undefined;
  const isSaid = requirement.type === 'latency' || requirement.type === 'errors';
  if (isSaid && requirement.query !== undefined)
    return { reason: 'it is judged by a `query` of its own, which gives no good and bad events' };
  const selector = selectorOf({
    ...requirement,
    where: { ...requirement.where, service: requirement.where.service ?? verification.service },
  });
  const found =
    requirement.type === 'latency'
      ? latencySlo(clause, selector)
      : requirement.type === 'errors'
        ? errorsSlo(clause, selector, requirement)
        : undefined;
  if (found === undefined || 'reason' in found) return found;
  const dataSource =
    requirement.dataSourceRef ??
    verification.sources.metrics.find((source) => source.type === 'prometheus')?.name ??
    '';
  const slo: Slo = {
    name: `${verification.name}-${requirement.id}`.toLowerCase(),
    service: verification.service,
    target: found.target,
    window: defaults.sloWindow,
    method: 'Occurrences',
    indicator: { ...found.indicator, dataSource } as SloIndicator,
  };
  return { slo, requirement, notes: [...found.notes, ...overNotes(clause), ...scenarioNotes(requirement)] };
}

function overNotes({ over }: Clause): readonly string[] {
  if (over === undefined) return [];
  const text = printDuration(over);
  return [
    `an SLO counts its whole window at once: \`over ${text}\` is left out, which asks for the limit in every ${text}`,
  ];
}

function scenarioNotes({ where }: Requirement): readonly string[] {
  if (where.scenario === undefined) return [];
  return [`the service's metrics know no scenarios: \`${where.scenario}\` is left out, requests of all count`];
}

interface Found {
  readonly target: Ratio;
  readonly indicator: { readonly kind: 'good-total'; readonly good: string; readonly total: string };
  readonly notes: readonly string[];
}

function latencySlo({ stat, limit }: Clause, selector: string): Found | undefined {
  if (stat.kind !== 'quantile' || stat.of !== undefined || limit.kind !== 'fixed') return undefined;
  const { value, text } = limit.quantity;
  const edge = `${value / 1000}`;
  // Prometheus 3 writes whole numbers with a zero behind the point.
  const le = edge.includes('.') ? `le="${edge}"` : `le=~"${edge}(\\\\.0)?"`;
  const good = `sum(rate(${httpDuration}_bucket${and(selector, `http_response_status_code!~"5..",${le}`)}[{{.window}}]))`;
  const indicator = { kind: 'good-total', good, total: total(selector) } as const;
  if (httpBucketEdges.includes(value)) return { target: stat.q, indicator, notes: [] };
  return {
    target: stat.q,
    indicator,
    notes: [
      `${text} is no edge of the default histogram: without a bucket at le="${edge}" nothing is recorded and only SLOMetricAbsent fires; give the service that bucket, or choose ${nearestEdges(value)}`,
    ],
  };
}

function nearestEdges(value: number): string {
  const around = [httpBucketEdges.findLast((edge) => edge < value), httpBucketEdges.find((edge) => edge > value)];
  return around.flatMap((edge) => (edge === undefined ? [] : [printDuration(edge)])).join(' or ');
}

/** Failures as the server sees them: 5xx, or what `count` names of statuses. */
function failedStatuses({ options }: Requirement): { readonly pattern: string; readonly left: readonly string[] } {
  const words = Array.isArray(options['count']) ? options['count'].map(String) : [];
  const statuses = words.filter((word) => /^[1-5](\d\d|xx)$/.test(word));
  const pattern = statuses.map((word) => word.replace('xx', '..')).join('|');
  return { pattern: words.length === 0 ? '5..' : pattern, left: words.filter((word) => !statuses.includes(word)) };
}

function errorsSlo({ stat, limit }: Clause, selector: string, requirement: Requirement): Found | NoSlo | undefined {
  const isRate = stat.kind === 'named' && stat.name === 'rate' && limit.kind === 'fixed';
  if (!isRate || limit.quantity.value <= 0) return undefined;
  const { pattern, left } = failedStatuses(requirement);
  if (pattern === '') return { reason: `\`count: [${left.join(', ')}]\` is not seen by the service's metrics` };
  const good = `sum(rate(${httpDuration}_count${and(selector, `http_response_status_code!~"${pattern}"`)}[{{.window}}]))`;
  return {
    target: ratio(Number((1 - limit.quantity.value).toPrecision(12))),
    indicator: { kind: 'good-total', good, total: total(selector) },
    notes: left.length === 0 ? [] : [`the service's metrics do not see ${left.join(', ')} of \`count\`: left out`],
  };
}

function total(selector: string): string {
  return `sum(rate(${httpDuration}_count${selector}[{{.window}}]))`;
}

function and(selector: string, matcher: string): string {
  return selector === '{}' ? `{${matcher}}` : `${selector.slice(0, -1)},${matcher}}`;
}
