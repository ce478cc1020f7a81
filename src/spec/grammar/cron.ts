// Five-field cron expressions, checked before a service would have to refuse them.
import { ok } from '../../core/model/result.ts';
import { type Parsed, problem } from './text-problem.ts';

interface Field {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  readonly names?: readonly string[];
}

const FIELDS: readonly Field[] = [
  { name: 'minute', low: 0, high: 59 },
  { name: 'hour', low: 0, high: 23 },
  { name: 'day of month', low: 1, high: 31 },
  {
    name: 'month',
    low: 1,
    high: 12,
    names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  },
  { name: 'day of week', low: 0, high: 7, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

/** Accepts lists, ranges, steps and English names; the text itself goes on to the scheduler. */
export function parseCron(text: string): Parsed<string> {
  const words = [...text.matchAll(/\S+/g)];
  if (words.length !== FIELDS.length) {
    return problem(
      'SPEC_CRON_SYNTAX',
      `a cron expression has five fields (minute, hour, day of month, month, day of week), found ${words.length}`,
      { help: '`*/30 * * * *` is every half hour; `every: 30m` says it plainly' },
    );
  }
  for (const [index, field] of FIELDS.entries()) {
    const word = words[index]!;
    if (word[0].split(',').every((part) => isValidPart(part, field))) continue;
    return problem('SPEC_CRON_SYNTAX', `\`${word[0]}\` is not a ${field.name} (${field.low} to ${field.high})`, {
      from: word.index,
      to: word.index + word[0].length,
    });
  }
  return ok(words.map((word) => word[0]).join(' '));
}

function isValidPart(part: string, field: Field): boolean {
  const match = /^(?:\*|([0-9a-z]+)(?:-([0-9a-z]+))?)(?:\/(\d{1,2}))?$/i.exec(part);
  if (match === null || Number(match[3] ?? 1) === 0) return false;
  if (match[1] === undefined) return true;
  const low = numberOf(match[1], field);
  const high = match[2] === undefined ? low : numberOf(match[2], field);
  return low >= field.low && high <= field.high && low <= high;
}

function numberOf(word: string, field: Field): number {
  const named = field.names?.indexOf(word.toLowerCase()) ?? -1;
  if (named !== -1) return named + field.low;
  return /^\d{1,2}$/.test(word) ? Number(word) : Number.NaN;
}
