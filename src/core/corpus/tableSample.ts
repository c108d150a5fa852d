/** Reads the sample on which a table's dialect is settled. */
import type { Dialect } from '../../protocol/catalogue/reading.js';
import { lineEnds, recordReader } from './tableRecord.js';

const mostRecords = 2000;

/** The part of a dialect that decides where values and records end. */
export type Cut = Pick<Dialect, 'delimiter' | 'quote' | 'escape' | 'lineEnds' | 'recordStart'>;

/** Records read by the letter; after a flaw, reading goes on at the next line. */
export function* strictRecords(
  text: string,
  cut: Cut,
  isWhole: boolean,
): Generator<{ at: number; end: number; values: readonly string[]; flaw: boolean }> {
  if (cut.recordStart !== null) return;
  const dialect: Dialect = { ...cut, skipRows: 0, header: true, rowNames: false, columns: 0 };
  const read = recordReader(text, dialect, isWhole);
  const lineEndAt = lineEnds(text, cut.lineEnds);
  let at = 0;
  for (let records = 0; at < text.length && records < mostRecords;) {
    const first = lineEndAt(at);
    if (first?.at === at) {
      at += first.length;
      continue;
    }
    const found = read(at);
    if (found === 'incomplete') return;
    const flaw = found.flaw !== null;
    if (flaw && first === null && !isWhole) return;
    const end = flaw ? (first === null ? text.length : first.at + first.length) : found.end;
    yield { at, end, values: found.values, flaw };
    at = end;
    records++;
  }
}
