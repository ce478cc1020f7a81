// Collects what must be observed so that every requirement can be judged.
import type { Requirement } from '../model/requirement.ts';
import type { Needs, NeedsContext, NeedsScope } from './requirement-type.ts';
import { requirementTypes } from './requirement-types.ts';

/** Watches are unique by id, measures and queries by key. */
export function needsOf(requirements: readonly Requirement[], context: NeedsContext): Needs {
  const needs = requirements.map((requirement) => needsOfOne(requirement, context));
  return {
    watches: unique(
      needs.flatMap(({ watches }) => watches),
      (watch) => watch.id,
    ),
    measures: unique(
      needs.flatMap(({ measures }) => measures),
      (measure) => measure.key,
    ),
    queries: unique(
      needs.flatMap(({ queries }) => queries),
      (query) => query.key,
    ),
    baseline: needs.some(({ baseline }) => baseline),
  };
}

/** A query is read in the requirement's slices unless its type says otherwise. */
export function needsOfOne(requirement: Requirement, context: NeedsContext): Needs {
  const needs = requirementTypes[requirement.type].needs(requirement, scopeFor(context));
  return { ...needs, queries: needs.queries.map((query) => ({ slice: requirement.slice, ...query })) };
}

/** The context with the call back that types use for each other. */
export function scopeFor(context: NeedsContext): NeedsScope {
  return { ...context, needsOf: (other) => needsOfOne(other, context) };
}

function unique<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}
