/** Order of the comparison table. */
import { figureEntries } from '../../src/protocol/catalogue/evaluation.js';
import { figureNames } from '../../src/protocol/catalogue/protocols.js';
import type { Column, Setting, Sorting } from './state.js';

/** Rows without a value come last, whichever way the others go. */
export function sorted(rows: readonly Setting[], sorting: Sorting | null): readonly Setting[] {
  if (sorting === null) return rows;
  const { column, descending } = sorting;
  const turn = descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [x, y] = [valueOf(a, column), valueOf(b, column)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return turn * (typeof x === 'string' ? x.localeCompare(String(y)) : x - Number(y));
  });
}

/** A first press puts the best on top, a second turns the order round. */
export function nextSorting(sorting: Sorting | null, column: Column): Sorting {
  if (sorting?.column === column) return { column, descending: !sorting.descending };
  const name = figureNames.find((known) => known === column);
  return { column, descending: name !== undefined && !figureEntries[name].lowerIsBetter };
}

function valueOf(setting: Setting, column: Column): string | number | null {
  switch (column) {
    case 'model':
    case 'classifier':
    case 'seconds':
    case 'trainableParameters':
      return setting[column];
    default:
      return setting.figures[column]?.mean ?? null;
  }
}
