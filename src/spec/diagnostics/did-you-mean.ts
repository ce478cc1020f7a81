// The nearest known word to an unknown one, for help lines.

/** `did you mean "rate"?` when a candidate is near enough to be a slip of the hand (one letter in three at most), else undefined. */
export function didYouMean(found: string, candidates: readonly string[]): string | undefined {
  const nearest = nearestWord(found, candidates);
  return nearest === undefined ? undefined : `did you mean \`${nearest}\`?`;
}

/** Help for a word outside a closed list: the nearest word, else the list; `ifNone` when the list is empty. */
export function suggest(found: string, candidates: readonly string[], ifNone?: string): string | undefined {
  if (candidates.length === 0) return ifNone;
  return didYouMean(found, candidates) ?? `known: ${listed(candidates)}`;
}

/** `a, b, c`, cut after 12. */
export function listed(words: readonly string[]): string {
  const shown = words.slice(0, 12).join(', ');
  return words.length > 12 ? `${shown}, ... (${words.length} in all)` : shown;
}

/** The candidate that a word was probably meant to be. */
export function nearestWord(found: string, candidates: readonly string[]): string | undefined {
  if (found.length > 64) return undefined;
  const wanted = simplify(found);
  let best: { readonly word: string; readonly distance: number } | undefined;
  for (const word of candidates.slice(0, 1000)) {
    const distance = editDistance(wanted, simplify(word));
    if (distance > Math.floor(Math.max(wanted.length, word.length) / 3)) continue;
    if (best === undefined || distance < best.distance) best = { word, distance };
  }
  return best?.word;
}

function simplify(word: string): string {
  return word.toLowerCase().replaceAll(/[-_ ]/g, '');
}

/** Letters to insert, delete, replace or swap (Damerau-Levenshtein, adjacent swaps). */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 8) return 99;
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(replaced, last[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, beforeLast[j - 2]! + 1);
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length]!;
}
