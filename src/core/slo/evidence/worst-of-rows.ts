// A query may answer with several series: each has to keep the limit, so the worst of them is what counts.
import type { SliceGrid } from './series-slices.ts';

/** Per slice the largest (or smallest) value of all series; undefined where none has one. */
export function worstOfRows(grid: SliceGrid, isLowerWorse: boolean): readonly (number | undefined)[] {
  return grid.ends.map((_, slice) => {
    const values = grid.rows.flatMap((row) => row.values[slice] ?? []);
    if (values.length === 0) return undefined;
    return isLowerWorse ? Math.min(...values) : Math.max(...values);
  });
}
