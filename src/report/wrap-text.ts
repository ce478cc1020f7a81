// Lines that fit a terminal.

/** Breaks at blanks, but not between a number and its unit; a word longer than the line is cut. Width below 8 counts as 8. At least one line. */
export function wrapText(text: string, width: number): readonly string[] {
  return brokenLines(glued(text), Math.max(8, Math.floor(width))).map((line) => line.replaceAll(noBreak, ' '));
}

/** Text shortened to `width` code points, the last one an ellipsis when something was cut. */
export function clipText(text: string, width: number): string {
  const points = [...text];
  if (points.length <= width) return text;
  return width < 1 ? '' : `${points.slice(0, width - 1).join('')}…`;
}

/** Code points, not UTF-16 units: what a terminal shows of the text these reports hold. */
export function lengthOf(text: string): number {
  return [...text].length;
}

const noBreak = '\u00a0';

const glued = (text: string): string => text.replace(/(\d) (ms|s|µs|min|h|B|KiB|MiB|GiB)\b/g, `$1${noBreak}$2`);

function brokenLines(text: string, limit: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/[ \t\r\n]+/).filter((each) => each !== '')) {
    for (const piece of pieces(word, limit)) {
      if (line !== '' && lengthOf(line) + 1 + lengthOf(piece) > limit) {
        lines.push(line);
        line = piece;
      } else line = line === '' ? piece : `${line} ${piece}`;
    }
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

function pieces(word: string, limit: number): readonly string[] {
  const points = [...word];
  if (points.length <= limit) return [word];
  const parts: string[] = [];
  for (let i = 0; i < points.length; i += limit) parts.push(points.slice(i, i + limit).join(''));
  return parts;
}
