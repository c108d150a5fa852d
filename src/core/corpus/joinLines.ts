/** Joins the rows of a table that has one for each line of a note. */
import { usageError } from '../base/errors.js';
import type { LineColumns, ReportProblem, Row, RowSource } from './corpus.js';

export interface LineJoiner {
  /** Counts the lines of every note, once. */
  prepare(signal?: AbortSignal): Promise<void>;
  /** The notes, each when its last line was read; `line` and `where` are those of its first line. */
  rows(signal?: AbortSignal): AsyncIterable<Row>;
}

/** Of lines that wait for others of their note, in characters. */
const mostWaiting = 64 * 1024 * 1024;

interface OpenNote {
  readonly lines: { readonly number: number; readonly row: Row }[];
  characters: number;
}

/**
 * Needs the memory of the notes that are begun and not ended: one, where a note's rows follow each other.
 *
 * @param columns the id must be mapped
 * @param textFields columns whose lines are joined by line breaks; of others the first value counts
 */
export function createLineJoiner(
  source: RowSource,
  columns: LineColumns,
  textFields: readonly string[],
  isMissing: (value: string | null) => boolean,
  report: ReportProblem,
): LineJoiner {
  let counts: ReadonlyMap<string, number> | null = null;
  const isText = new Set(textFields);
  const idOf = (row: Row): string | null => {
    const id = row.value(columns.id)?.trim() ?? '';
    return id === '' ? null : id;
  };

  async function count(signal?: AbortSignal): Promise<ReadonlyMap<string, number>> {
    const found = new Map<string, number>();
    for await (const row of source.rows(signal)) {
      const id = idOf(row);
      if (id !== null) found.set(id, (found.get(id) ?? 0) + 1);
    }
    return found;
  }

  function joined({ lines }: OpenNote): Row {
    const [first] = lines;
    if (first === undefined) throw new Error('a note without a line');
    const { row } = first;
    const sorted = lines.toSorted((a, b) => a.number - b.number);
    remark(sorted, row.where);
    return {
      ...row,
      value(field, list) {
        const values = sorted.map((line) => line.row.value(field, list));
        if (!isText.has(field)) return values.find((value) => !isMissing(value)) ?? null;
        const present = values.filter((value) => value !== null && !isMissing(value));
        return present.length === 0 ? null : present.join('\n');
      },
    };
  }

  function remark(sorted: OpenNote['lines'], where: string): void {
    if (sorted.some(({ number }) => number === Infinity)) {
      report(
        where,
        `A line of the note has no number in "${columns.number}": it is put last.`,
        'kept',
      );
    }
    const isDoubled = sorted.some(
      ({ number }, i) => number !== Infinity && number === sorted[i - 1]?.number,
    );
    if (isDoubled) {
      report(
        where,
        `Lines of the note have the same number in "${columns.number}": they are joined in the order of the file.`,
        'kept',
      );
    }
  }

  return {
    async prepare(signal) {
      counts ??= await count(signal);
    },
    async *rows(signal) {
      const total = (counts ??= await count(signal));
      const open = new Map<string, OpenNote>();
      let waiting = 0;
      for await (const row of source.rows(signal)) {
        const id = idOf(row);
        if (id === null) {
          report(row.where, `The line has no "${columns.id}": it is a note of its own.`, 'kept');
          yield row;
          continue;
        }
        let note = open.get(id);
        if (note === undefined) open.set(id, (note = { lines: [], characters: 0 }));
        const characters = textFields.reduce((sum, f) => sum + (row.value(f)?.length ?? 0), 100);
        note.lines.push({ number: lineNumber(row.value(columns.number)), row });
        note.characters += characters;
        waiting += characters;
        if (note.lines.length >= (total.get(id) ?? 0)) {
          open.delete(id);
          waiting -= note.characters;
          yield joined(note);
        } else if (waiting > mostWaiting) {
          throw usageError(
            `The lines of notes stand too far apart to be joined: sort the file by "${columns.id}".`,
          );
        }
      }
      // The file was changed since its lines were counted.
      for (const note of open.values()) yield joined(note);
    },
  };
}

function lineNumber(written: string | null): number {
  const text = written?.trim() ?? '';
  const number = text === '' ? NaN : Number(text.replace(',', '.'));
  return Number.isFinite(number) ? number : Infinity;
}
