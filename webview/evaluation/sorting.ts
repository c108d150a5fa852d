/** Order of the comparison table. */
import { figureEntries } from '../../src/protocol/catalogue/evaluation.js';
import { figureNames } from '../../src/protocol/catalogue/protocols.js';
import { pressed, sortedBy, type Sortable, type Sorting } from '../shared/sorting.js';
import type { Column, Setting } from './state.js';

export function sorted(
  rows: readonly Setting[],
  sorting: Sorting<Column> | null,
): readonly Setting[] {
  if (sorting === null) return rows;
  return sortedBy(rows, (row) => valueOf(row, sorting.column), sorting.descending);
}

/** A first press puts the best on top, a second turns the order round. */
export function nextSorting(sorting: Sorting<Column> | null, column: Column): Sorting<Column> {
  const name = figureNames.find((known) => known === column);
  return pressed(sorting, column, name !== undefined && !figureEntries[name].lowerIsBetter);
}

function valueOf(setting: Setting, column: Column): Sortable {
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
