/** Orders of tables that sort by any of their columns. */

export interface Sorting<Column extends string = string> {
  readonly column: Column;
  readonly descending: boolean;
}

export type Sortable = string | number | null;

/** Rows without a value come last, whichever way the others go. */
export function sortedBy<Row>(
  rows: readonly Row[],
  valueOf: (row: Row) => Sortable,
  descending: boolean,
): readonly Row[] {
  const turn = descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [x, y] = [valueOf(a), valueOf(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return turn * (typeof x === 'string' ? x.localeCompare(String(y)) : x - Number(y));
  });
}

/** A first press sorts as is usual for the column, a second turns the order round. */
export function pressed<Column extends string>(
  sorting: Sorting<Column> | null,
  column: Column,
  startsDescending: boolean,
): Sorting<Column> {
  const descending = sorting?.column === column ? !sorting.descending : startsDescending;
  return { column, descending };
}
