// `300ms`, `0.1%`, `200/s`, `0.004 USD`: a number and its unit.
import type { CanonicalUnit, Quantity } from '../../core/model/requirement.ts';
import { ok } from '../../core/model/result.ts';
import { type Parsed, problem } from './text-problem.ts';
import { unitMeantBy, units, writtenUnits } from './units.ts';

/**
 * Reads a quantity whose unit must be one of `allowed` (all units when absent). The value comes in canonical units. A number without a unit is accepted only where
 * '' is allowed.
 *
 *     quantity := number [" "] unit
 *     number   := ["-"] digits ["." digits] ["e" ["-"] digits]
 */
export function parseQuantity(text: string, allowed?: readonly CanonicalUnit[]): Parsed<Quantity> {
  const match = /^([+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?)(\s*)(.*)$/is.exec(text.trimEnd());
  if (match === null) return notAQuantity(text, allowed);
  const [, digits = '', gap = '', written = ''] = match;
  const unitFrom = digits.length + gap.length;
  const range = { from: unitFrom, to: unitFrom + written.length };
  if (/^[,_']\d/.test(written))
    return problem('SPEC_QUANTITY_SYNTAX', `a number has no separators, found \`${text}\``, {
      help: `write ${text.replaceAll(/[,_']/g, '')}`,
    });
  const unit = units.get(written);
  if (unit === undefined) return unknownUnit(text, written, allowed, range);
  const value = Number(digits) * unit.factor;
  if (!Number.isFinite(value))
    return problem('SPEC_VALUE_RANGE', `\`${digits}\` is too large a number`, { to: digits.length });
  if (allowed !== undefined && !allowed.includes(unit.canonical))
    return wrongUnit(text, digits, written, allowed, range);
  return ok({ value: tidy(value), unit: unit.canonical, text: text.trim() });
}

/** `ms, s, m or h`; `% or no unit`. */
export function describeUnits(allowed: readonly CanonicalUnit[]): string {
  return allowed.map((unit) => writtenUnits[unit]).join(', or ');
}

function notAQuantity(text: string, allowed: readonly CanonicalUnit[] | undefined): Parsed<Quantity> {
  const example = exampleOf(allowed);
  if (text.trim() === '')
    return problem('SPEC_QUANTITY_SYNTAX', `a number with its unit is wanted, such as ${example}; found nothing`);
  const currency = /^[$€£]\s*([\d.]+)$/.exec(text.trim());
  if (currency !== null)
    return problem('SPEC_QUANTITY_SYNTAX', `money is written behind the number, found \`${text}\``, {
      help: `write ${currency[1]} USD`,
    });
  return problem('SPEC_QUANTITY_SYNTAX', `a number with its unit is wanted, such as ${example}; found \`${text}\``);
}

function unknownUnit(
  text: string,
  written: string,
  allowed: readonly CanonicalUnit[] | undefined,
  range: { from: number; to: number },
): Parsed<Quantity> {
  const meant = unitMeantBy(written);
  const known =
    allowed === undefined ? 'ns us ms s m h d w, %, /s /min /h, B KiB MiB GiB, tok/s, USD' : describeUnits(allowed);
  const help =
    meant === undefined
      ? `known units: ${known}`
      : `write ${text.slice(0, range.from).trimEnd()}${meant === 'USD' ? ' ' : ''}${meant}`;
  return problem('SPEC_UNIT_UNKNOWN', `unknown unit \`${written}\``, { help, ...range });
}

function wrongUnit(
  text: string,
  digits: string,
  written: string,
  allowed: readonly CanonicalUnit[],
  range: { from: number; to: number },
): Parsed<Quantity> {
  const wanted = describeUnits(allowed);
  if (written !== '') return problem('SPEC_RULE_UNIT', `the unit must be ${wanted}; found \`${written}\``, range);
  return problem('SPEC_UNIT_MISSING', `\`${text.trim()}\` needs a unit: ${wanted}`, {
    help: missingUnitHelp(digits, allowed),
    to: digits.length,
  });
}

function missingUnitHelp(digits: string, allowed: readonly CanonicalUnit[]): string {
  if (allowed.includes('ms')) return `write ${digits}ms for milliseconds or ${digits}s for seconds`;
  if (allowed.includes('ratio'))
    return Number(digits) <= 1 ? `as a share of all, ${digits} is ${tidy(Number(digits) * 100)}%` : `write ${digits}%`;
  if (allowed.includes('/s')) return `write ${digits}/s or ${digits}/min`;
  if (allowed.includes('B')) return `write ${digits}MiB or ${digits}B`;
  const first = exampleOf(allowed).replace(/^[\d.]+/, digits);
  return `write ${first}`;
}

function exampleOf(allowed: readonly CanonicalUnit[] | undefined): string {
  const examples: Readonly<Record<CanonicalUnit, string>> = {
    ms: '300ms',
    ratio: '0.1%',
    '/s': '200/s',
    B: '64MiB',
    'tok/s': '25tok/s',
    USD: '0.004 USD',
    'ms/h': '5ms/h',
    'B/h': '10MiB/h',
    '': '0.8',
  };
  return examples[allowed?.[0] ?? 'ms'];
}

/** Takes the noise of binary fractions away: 0.1% is 0.001, not 0.0010000000000000000002. */
function tidy(value: number): number {
  return Number(value.toPrecision(15));
}
