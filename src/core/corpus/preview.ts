/** The first notes of a corpus as they were read, with the guesses that made them. */
import type { FieldMapping } from '../../protocol/catalogue/fieldRoles.js';
import type { ReaderName } from '../../protocol/catalogue/readers.js';
import type { DateOrder, Dialect } from '../../protocol/catalogue/reading.js';
import type { ColumnSummary, Corpus, LineColumns, MissingCount } from './corpus.js';
import type { Document } from './document.js';

export interface CorpusPreview {
  readonly kind: ReaderName;
  /** The first notes, their texts shortened. */
  readonly notes: readonly PreviewNote[];
  /** How many notes were read to count what is missing. */
  readonly scanned: number;
  readonly isWhole: boolean;
  readonly mapping: FieldMapping;
  /** Further columns of the text. */
  readonly moreText: readonly string[];
  readonly columns: readonly (ColumnSummary & {
    /** The first value, shortened; `null` if all are empty. */
    readonly example: string | null;
  })[];
  readonly lines: LineColumns | null;
  readonly encoding: string | null;
  readonly dialect: Dialect | null;
  readonly dateOrder: DateOrder | null;
  readonly missing: readonly MissingCount[];
  /** Values that may stand for a missing one, but are kept as classes. */
  readonly classes: readonly MissingCount[];
  readonly skipped: number;
  readonly remarks: readonly string[];
}

export type PreviewNote = Omit<Document, 'file' | 'fields'>;

const shown = 20;
const mostScanned = 500;
const longestText = 700;
const longestExample = 80;
const mostRemarks = 20;

export async function previewCorpus(corpus: Corpus, signal?: AbortSignal): Promise<CorpusPreview> {
  const notes: PreviewNote[] = [];
  let scanned = 0;
  let isWhole = true;
  for await (const document of corpus.read(signal)) {
    if (scanned === mostScanned) {
      isWhole = false;
      break;
    }
    scanned++;
    if (notes.length === shown) continue;
    const { file: _file, fields: _fields, ...note } = document;
    notes.push({ ...note, text: cut(note.text, longestText) });
  }
  const { kind, mapping, lines, encoding, dialect, dateOrder, missing, classes, skipped } = corpus;
  return {
    ...{ kind, notes, scanned, isWhole, mapping, lines, encoding, dialect, dateOrder },
    moreText: corpus.reading?.moreText ?? [],
    columns: corpus.columns.map((column) => {
      const example = corpus.firstValue(column.name);
      return { ...column, example: example === null ? null : cut(example, longestExample) };
    }),
    ...{ missing, classes, skipped },
    remarks: corpus.problems.slice(0, mostRemarks).map(({ where, what }) => `${where}: ${what}`),
  };
}

/** Never in the middle of a character. */
function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
