// A query may answer with several series: each has to keep the limit, so the worst of them is what counts.
import type { Labels } from '../../model/series.ts';
import { type SliceGrid, staleness } from './series-slices.ts';
import { sayLabel } from './status-label.ts';

/** Per slice the largest (or smallest) value of all series; undefined where none has one. */
export function worstOfRows(grid: SliceGrid, isLowerWorse: boolean): readonly (number | undefined)[] {
  return grid.ends.map((_, slice) => {
    const values = grid.rows.flatMap((row) => row.values[slice] ?? []);
    if (values.length === 0) return undefined;
    return isLowerWorse ? Math.min(...values) : Math.max(...values);
  });
}

/** Series that are silent for part of the time while another goes on: what they would have shown is not known. */
export function silentRows(grid: SliceGrid): readonly string[] {
  const silent = [...grid.rows, ...grid.blank].flatMap(({ labels, values }) => {
    const stale = staleness(grid, values);
    return stale === undefined ? [] : [`${sayLabels(labels)}: ${stale.message}`];
  });
  const [first] = silent;
  if (first === undefined) return [];
  const of = `${silent.length} of ${grid.rows.length + grid.blank.length} series`;
  return [`${of} were silent for a part of the time, and only the others count there; ${first}`];
}

function sayLabels(labels: Labels): string {
  return `{${Object.entries(labels).slice(0, 5).map(sayLabel).join(', ')}}`;
}
