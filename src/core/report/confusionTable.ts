import type { Html } from './html.js';
import { shadedCell, squareTable } from './squareTable.js';

/** Rows are the actual classes; the more notes of a class, the darker their cell. */
export function confusionTable(names: readonly string[], counts: readonly number[]): Html {
  const size = names.length;
  const ofClass = names.map((_, row) =>
    counts.slice(row * size, (row + 1) * size).reduce((sum, count) => sum + count, 0),
  );
  return squareTable({
    caption: 'Notes by actual class (rows) and predicted class (columns)',
    names,
    cell(row, column) {
      const notes = counts[row * size + column] ?? 0;
      const share = notes === 0 ? 0 : notes / ofClass[row]!;
      return shadedCell(row === column ? 'good' : 'accent', share, String(notes));
    },
  });
}
