/** Reads the beginning of a corpus for what only whole columns show: how dates are written, types. */
import type { DateOrder } from '../../protocol/catalogue/reading.js';
import type { Row } from './corpus.js';
import { createDateVote } from './dateOrder.js';
import { createTypeVote } from './keptFields.js';
import type { TypedField } from './keptFields.js';
import type { MissingValues } from './missingValues.js';

export interface SettledColumns {
  /** Of the date's column; `null` if there is none. */
  readonly dateOrder: DateOrder | null;
  /** Whether as many dates can be read with the month first. */
  readonly isTie: boolean;
  readonly kept: readonly TypedField[];
}

/** Number of rows after which an undecided column is taken as it looks. */
const enough = 50_000;

/** @param date the column of the note's date */
export async function settleColumns(
  rows: AsyncIterable<Row>,
  date: string | null,
  keep: readonly string[],
  given: DateOrder | undefined,
  missing: MissingValues,
): Promise<SettledColumns> {
  const vote = createDateVote();
  const types = keep.map((name) => ({ name, vote: createTypeVote(name) }));
  const isDateOpen = (): boolean => date !== null && given === undefined && !vote.isClear;
  let seen = 0;
  if (isDateOpen() || types.length > 0) {
    for await (const row of rows) {
      if (date !== null) {
        const written = missing.filled('date', date, row.value(date));
        if (written !== null) vote.add(written);
      }
      for (const { name, vote: type } of types) {
        // None is no class among numbers and dates.
        const written = missing.filled('date', name, row.value(name));
        if (written !== null) type.add(written);
      }
      const isOpen = isDateOpen() || types.some(({ vote: type }) => !type.isClear);
      if (++seen >= enough || !isOpen) break;
    }
  }
  const { order, isTie } = vote.result();
  return {
    dateOrder: date === null ? null : (given ?? order),
    isTie: date !== null && given === undefined && isTie,
    kept: types.map(({ vote: type }) => {
      const found = type.result();
      return given === undefined ? found : { ...found, order: given };
    }),
  };
}
