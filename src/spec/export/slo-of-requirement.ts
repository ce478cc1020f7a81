// Requirements that can be said as an SLO on production traffic: the same limit, on the service's own metrics.
import type { Clause, Requirement } from '../../core/model/requirement.ts';
import { type Ratio, ratio } from '../../core/model/units.ts';
import type { Slo, SloIndicator, Verification } from '../../core/model/verification.ts';
import { httpDuration, selectorOf } from '../../core/slo/evidence/server-queries.ts';
import { httpBucketEdges } from '../http-bucket-edges.ts';
import { defaults } from '../schema/defaults.ts';

/** An SLO and what it was made from. */
export interface RequirementSlo {
  readonly slo: Slo;
  readonly requirement: Requirement;
  /** What a reader must know about it: a limit that the default buckets do not have. */
  readonly note?: string;
}

/**
 * `latency` with an upper percentile (`p99 <= 250ms`: 99% good), `errors` with an upper rate (`rate <= 0.1%`: 99.9% good). Everything else has no OpenSLO form and gives
 * nothing. Queries are on the OpenTelemetry HTTP server histogram; without `where.service` the verification's service is meant.
 */
export function sloOfRequirement(requirement: Requirement, verification: Verification): RequirementSlo | undefined {
  const [clause, ...more] = requirement.require.clauses;
  if (clause === undefined || more.length > 0 || clause.inSlices !== undefined || clause.limit.kind !== 'fixed')
    return undefined;
  if (clause.op !== 'lte' && clause.op !== 'lt') return undefined;
  const selector = selectorOf({
    ...requirement,
    where: { ...requirement.where, service: requirement.where.service ?? verification.service },
  });
  const found =
    requirement.type === 'latency'
      ? latencySlo(clause, selector)
      : requirement.type === 'errors'
        ? errorsSlo(clause, selector)
        : undefined;
  if (found === undefined) return undefined;
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
  return { slo, requirement, ...(found.note === undefined ? {} : { note: found.note }) };
}

interface Found {
  readonly target: Ratio;
  readonly indicator: { readonly kind: 'good-total'; readonly good: string; readonly total: string };
  readonly note?: string;
}

function latencySlo({ stat, limit }: Clause, selector: string): Found | undefined {
  if (stat.kind !== 'quantile' || stat.of !== undefined || limit.kind !== 'fixed') return undefined;
  const { value, text } = limit.quantity;
  const good = `sum(rate(${httpDuration}_bucket${and(selector, `http_response_status_code!~"5..",le="${value / 1000}"`)}[{{.window}}]))`;
  const indicator = { kind: 'good-total', good, total: total(selector) } as const;
  if (httpBucketEdges.includes(value)) return { target: stat.q, indicator };
  return {
    target: stat.q,
    indicator,
    note: `${text} is no edge of the default histogram: give the service a bucket at le="${value / 1000}"`,
  };
}

function errorsSlo({ stat, limit }: Clause, selector: string): Found | undefined {
  const isRate = stat.kind === 'named' && stat.name === 'rate' && limit.kind === 'fixed';
  if (!isRate || limit.quantity.value <= 0) return undefined;
  const good = `sum(rate(${httpDuration}_count${and(selector, 'http_response_status_code!~"5.."')}[{{.window}}]))`;
  return {
    target: ratio(Number((1 - limit.quantity.value).toPrecision(12))),
    indicator: { kind: 'good-total', good, total: total(selector) },
  };
}

function total(selector: string): string {
  return `sum(rate(${httpDuration}_count${selector}[{{.window}}]))`;
}

function and(selector: string, matcher: string): string {
  return selector === '{}' ? `{${matcher}}` : `${selector.slice(0, -1)},${matcher}}`;
}
