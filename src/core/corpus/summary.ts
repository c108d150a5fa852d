/** Summarises a corpus, so that the user can check it was read as intended. */
import type { FieldMapping } from '../../protocol/catalogue/fieldRoles.js';
import type { Dialect, KeptField } from '../../protocol/catalogue/reading.js';
import type { ColumnSummary, Corpus, LineColumns, MissingCount } from './corpus.js';
import type { DateSpan } from './dates.js';
import type { Problem } from './document.js';

export interface CorpusSummary {
  readonly documents: number;
  /** Documents per category, most frequent first. */
  readonly categories: Readonly<Record<string, number>>;
  readonly words: { readonly median: number; readonly p95: number };
  /** Number of patients; 0 if no note says whose it is. */
  readonly groups: number;
  readonly mapping: FieldMapping;
  readonly fields: readonly string[];
  /** Fields by what their first values look like. */
  readonly columns: readonly ColumnSummary[];
  /** Fields that are kept with every note. */
  readonly kept: readonly KeptField[];
  /** Columns that tell the lines of notes, if the table seems to have a row for each line. */
  readonly lines: LineColumns | null;
  readonly problems: readonly Problem[];
  /** Number skipped; see `Corpus`. */
  readonly skipped: number;
  /** `null` if no note has a date. */
  readonly dates: DateSpan | null;
  readonly encoding: string | null;
  readonly dialect: Dialect | null;
  readonly missing: readonly MissingCount[];
  /** Values that may stand for a missing one, but are kept as classes. */
  readonly classes: readonly MissingCount[];
}

export async function summariseCorpus(
  corpus: Corpus,
  signal?: AbortSignal,
): Promise<CorpusSummary> {
  const categories = new Map<string, number>();
  const groups = new Set<string>();
  const lengths: number[] = [];
  let first: string | null = null;
  let last: string | null = null;
  for await (const document of corpus.read(signal)) {
    lengths.push(countWords(document.text));
    const { category, date, group } = document;
    if (group !== null) groups.add(group);
    if (category !== null) categories.set(category, (categories.get(category) ?? 0) + 1);
    if (date !== null && (first === null || date < first)) first = date;
    if (date !== null && (last === null || date > last)) last = date;
  }
  lengths.sort((a, b) => a - b);
  const byCount = [...categories].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return {
    documents: lengths.length,
    categories: Object.fromEntries(byCount),
    words: { median: quantile(lengths, 0.5), p95: quantile(lengths, 0.95) },
    groups: groups.size,
    mapping: corpus.mapping,
    fields: corpus.fields,
    columns: corpus.columns,
    kept: corpus.kept,
    lines: corpus.lines,
    problems: corpus.problems,
    skipped: corpus.skipped,
    encoding: corpus.encoding,
    dialect: corpus.dialect,
    missing: corpus.missing,
    classes: corpus.classes,
    dates:
      first === null || last === null ? null : { order: corpus.dateOrder ?? 'iso', first, last },
  };
}

export function countWords(text: string): number {
  return text.match(/\S+/g)?.length ?? 0;
}

/** Nearest-rank quantile; 0 if there are no values. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
