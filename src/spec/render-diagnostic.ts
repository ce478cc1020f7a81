// Diagnostics as a compiler prints them, and as the JSON that scripts read.
import type { Diagnostic, Severity } from '../core/model/diagnostic.ts';

/** Paints a piece of text without changing what is visible. */
export interface DiagnosticStyle {
  readonly paint: (tone: 'fail' | 'warn' | 'accent' | 'strong' | 'quiet', text: string) => string;
}

const plain: DiagnosticStyle = { paint: (_tone, text) => text };

/** Source lines longer than this are cut around the caret. */
const WIDEST_LINE = 120;

const TONES: Readonly<Record<Severity, 'fail' | 'warn' | 'accent'>> = {
  error: 'fail',
  warning: 'warn',
  info: 'accent',
};

/**
 * One diagnostic with its source line and carets. `text` is the file's text; without it (an override of the command line) the line is left out.
 *
 *     error[SPEC_UNIT_MISSING]: `300` needs a unit: ms, s, m or h
 *       --> slos/checkout.yaml:57:23
 *        |
 *     57 |       require: p99 <= 300
 *        |                       ^^^
 *        = help: write 300ms for milliseconds or 300s for seconds
 */
export function renderDiagnostic(diagnostic: Diagnostic, text: string, style: DiagnosticStyle = plain): string {
  const { code, severity, message, range, help } = diagnostic;
  const tone = TONES[severity];
  const gutter = ' '.repeat(String(range.line).length);
  const head = `${style.paint(tone, `${severity}[${code}]`)}${style.paint('strong', `: ${visible(message)}`)}`;
  const place = `${gutter}${style.paint('quiet', '-->')} ${visible(range.file)}${text === '' ? '' : `:${range.line}:${range.column}`}`;
  const excerpt = text === '' ? [] : excerptLines(diagnostic, text, gutter, style);
  const advice =
    help === undefined
      ? []
      : [`${gutter} ${style.paint('quiet', '=')} ${style.paint('strong', 'help')}: ${visible(help)}`];
  return [head, place, ...excerpt, ...advice].join('\n');
}

/**
 * Control characters, line separators and bidirectional overrides as signs of the same width (␛): a document must not move the cursor, colour the terminal or turn
 * a line around.
 */
function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding control characters is the purpose
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (character) => {
    const code = character.charCodeAt(0);
    if (code === 0x7f) return '␡';
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : '·';
  });
}

function excerptLines(
  { range, severity }: Diagnostic,
  text: string,
  gutter: string,
  style: DiagnosticStyle,
): readonly string[] {
  const line = (text.split('\n', range.line)[range.line - 1] ?? '').replace(/\r$/, '');
  const start = range.column - 1;
  const end = range.endLine === range.line ? range.endColumn - 1 : line.length;
  const cut = start > WIDEST_LINE - 20 ? start - 60 : 0;
  const shown = line.slice(cut, cut + WIDEST_LINE);
  const before = line.slice(cut, start).replaceAll(/[^\t]/g, ' ');
  const carets = '^'.repeat(Math.max(1, Math.min(end, cut + WIDEST_LINE) - start));
  const bar = style.paint('quiet', '|');
  const lead = cut > 0 ? '...' : '';
  const tail = line.length > cut + WIDEST_LINE ? '...' : '';
  return [
    `${gutter} ${bar}`,
    `${style.paint('quiet', String(range.line))} ${bar} ${lead}${shown.split('\t').map(visible).join('\t')}${tail}`,
    `${gutter} ${bar} ${' '.repeat(lead.length)}${before}${style.paint(TONES[severity], carets)}`,
  ];
}

/** The shape of `check --json` (DESIGN.md 6): positions 1-based, `endColumn` exclusive. */
export interface DiagnosticsJson {
  readonly diagnostics: readonly {
    readonly code: string;
    readonly severity: Severity;
    readonly message: string;
    readonly file: string;
    readonly line: number;
    readonly column: number;
    readonly endLine: number;
    readonly endColumn: number;
    readonly help?: string;
  }[];
}

export function diagnosticsJson(diagnostics: readonly Diagnostic[]): DiagnosticsJson {
  return {
    diagnostics: diagnostics.map(({ code, severity, message, range, help }) => ({
      code,
      severity,
      message,
      ...range,
      ...(help === undefined ? {} : { help }),
    })),
  };
}
