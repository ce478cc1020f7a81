// Needs and option values that several types share.
import type { OptionValue, Requirement } from '../../model/requirement.ts';
import type { Needs } from '../requirement-type.ts';

export const noNeeds: Needs = { watches: [], measures: [], queries: [], baseline: false };

/** A numeric option (durations in ms), undefined when absent. */
export function numberOption(requirement: Requirement, name: string): number | undefined {
  return asNumber(requirement.options[name]);
}

export function asNumber(value: OptionValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function textOption(requirement: Requirement, name: string): string | undefined {
  const value = requirement.options[name];
  return typeof value === 'string' ? value : undefined;
}

/** The entries of a record option; empty when absent. */
export function recordOption(
  requirement: Pick<Requirement, 'options'>,
  name: string,
): Readonly<Record<string, OptionValue>> {
  const value = requirement.options[name];
  return typeof value === 'object' && !Array.isArray(value) ? (value as Readonly<Record<string, OptionValue>>) : {};
}
