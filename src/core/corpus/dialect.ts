/**
 * Settles how a delimited text is cut, on a sample of it: every dialect is tried, and the one that
 * gives the most even columns and the fewest stray quotes is taken. The measure of evenness is the
 * pattern score of G. J. J. van den Burg, A. Nazábal and C. Sutton, "Wrangling messy CSV files by
 * detecting row and type patterns" (Data Mining and Knowledge Discovery 33, 2019), for the most
 * frequent pattern alone.
 */
import { delimiters } from '../../protocol/catalogue/reading.js';
import type { Dialect, Reading, RecordStart } from '../../protocol/catalogue/reading.js';
import { findHeader } from './tableHeader.js';
import { lineEnds } from './tableRecord.js';
import { createRecordParser, startsRecord } from './tableRecords.js';
import { strictRecords } from './tableSample.js';
import type { Cut } from './tableSample.js';

/** Length of the sample, in characters. */
export const sampleLength = 1 << 18;
/** Below this, no delimiter gives columns. */
const leastScore = 0.1;

/**
 * @param sample the beginning of the text
 * @param isWhole whether it is all of the text
 * @param preferred the delimiter that is usual for files of this kind
 */
export function detectDialect(
  sample: string,
  isWhole: boolean,
  preferred: string,
  given: Reading = {},
): Dialect {
  const skipped = given.skipRows === undefined ? 0 : offsetOfLine(sample, given.skipRows);
  const named = skipped > 0 ? null : /^"?sep=(.|\|\|)"?[;,\t]*(\r\n?|\n)/i.exec(sample);
  const start = skipped + (named?.[0].length ?? 0);
  const text = sample.slice(start);
  const cut = bestCut(text, isWhole, preferred, {
    ...given,
    delimiter: given.delimiter ?? named?.[1],
  });
  const { lines, header, rowNames, columns } = findHeader(text, cut, isWhole, given);
  const above = (given.skipRows ?? 0) + (named === null ? 0 : 1);
  return { ...cut, skipRows: above + lines, header, rowNames, columns };
}

/** Offset behind this many lines. */
export function offsetOfLine(text: string, lines: number): number {
  const lineEndAt = lineEnds(text, 'any');
  let at = 0;
  for (let line = 0; line < lines; line++) {
    const end = lineEndAt(at);
    if (end === null) return text.length;
    at = end.at + end.length;
  }
  return at;
}

function bestCut(text: string, isWhole: boolean, preferred: string, given: Reading): Cut {
  const usual: Cut = {
    delimiter: given.delimiter ?? preferred,
    quote: given.quote === undefined ? '"' : given.quote === 'none' ? null : given.quote,
    escape: given.escape ?? 'doubled',
    lineEnds: 'any',
    recordStart: null,
  };
  let best = usual;
  let most = -Infinity;
  let isEven = false;
  const plainLine = firstLine(text.slice(0, 4096).replace(quotedPart, ''));
  const doublePipes = plainLine.includes('||') && !plainLine.replaceAll('||', '').includes('|');
  for (const cut of candidates(text, usual, given)) {
    const { score: even, share, columns } = evenness(text, cut, isWhole);
    // Where every delimiter is two pipes, one pipe gives empty columns between them.
    const score = cut.delimiter === '|' && doublePipes && even > 0 ? 0.6 * even : even;
    if (cut.lineEnds !== 'any' && columns !== firstCount(text, cut)) continue;
    if (score > most + 1e-9) {
      most = score;
      best = cut;
      isEven = columns > 1 && share > 0.75;
    }
  }
  if (most < leastScore && given.delimiter === undefined) best = { ...best, delimiter: preferred };
  return isEven ? best : (startedCut(text, usual, given, most) ?? best);
}

function candidates(text: string, usual: Cut, given: Reading): Cut[] {
  const tried = [usual.delimiter, ...delimiters].filter(
    (delimiter, i, all) =>
      all.indexOf(delimiter) === i &&
      (i === 0 || (given.delimiter === undefined && text.includes(delimiter))) &&
      (delimiter !== '||' || i === 0 || text.slice(0, 4096).includes('||')),
  );
  const quotings: Pick<Cut, 'quote' | 'escape'>[] = [];
  const marks = given.quote === undefined ? (['"', "'"] as const) : [usual.quote];
  for (const quote of marks) {
    if (quote === null) continue;
    const isUsed = text.includes(quote);
    if (!isUsed && quote !== usual.quote) continue;
    for (const escape of ['doubled', 'backslash'] as const) {
      if (given.escape !== undefined && given.escape !== escape) continue;
      const isTried = given.escape !== undefined || escape === 'doubled';
      if (isTried || text.includes(`\\${quote}`)) quotings.push({ quote, escape });
    }
  }
  if (usual.quote === null || (given.quote === undefined && text.includes('"'))) {
    quotings.push({ quote: null, escape: usual.escape });
  }
  const ends: Cut['lineEnds'][] = ['any'];
  const hasFeed = /(^|[^\r])\n/.test(text);
  if (/\r(?!\n)/.test(text) && text.includes('\n')) ends.push('lf');
  if (hasFeed && text.includes('\r\n')) ends.push('crlf');
  return tried.flatMap((delimiter) =>
    quotings.flatMap((quoting) =>
      ends.map((lineEnd) => ({ delimiter, ...quoting, lineEnds: lineEnd, recordStart: null })),
    ),
  );
}

/** A quoted value, whichever way its quotes are escaped. */
const quotedPart = /"(?:[^"\\]|\\.|"")*"|'(?:[^'\\]|\\.|'')*'/g;

function firstLine(text: string): string {
  return text.slice(0, text.search(/[\r\n]|$/));
}

/** Values in the first line: the header has no line break that is text. */
function firstCount(text: string, cut: Cut): number {
  for (const { values } of strictRecords(`${firstLine(text)}\n`, cut, true)) return values.length;
  return 0;
}

interface Evenness {
  /** From below 0, where nothing fits, to 1. */
  readonly score: number;
  /** Of the records, those with the most frequent number of columns. */
  readonly share: number;
  readonly columns: number;
}

/** How even the columns are, less the stray quotes. */
function evenness(text: string, cut: Cut, isWhole: boolean): Evenness {
  const counts = new Map<number, number>();
  let records = 0;
  let stray = 0;
  for (const { values, flaw } of strictRecords(text, cut, isWhole)) {
    records++;
    if (flaw || values.some((value) => isWrapped(value, cut.quote))) stray++;
    if (flaw) continue;
    counts.set(values.length, (counts.get(values.length) ?? 0) + 1);
  }
  if (records === 0) return { score: -1, share: 0, columns: 0 };
  let columns = 0;
  let most = 0;
  for (const [count, times] of counts) {
    if (times > most) [columns, most] = [count, times];
  }
  // Half a record less, so that a text read as a single record proves little.
  const share = (most - 0.5) / records;
  const even = columns < 2 ? 0 : (share * share * (columns - 1)) / columns;
  return { score: even - stray / records, share: most / records, columns };
}

/** Whether a value still has quotes that the dialect does not take off: around it, or half of them. */
function isWrapped(value: string, quote: string | null): boolean {
  const plain = value.trim();
  const first = plain.charAt(0);
  const isQuoted = plain.length > 1 && (first === '"' || first === "'") && plain.endsWith(first);
  if (isQuoted && first !== quote) return true;
  if (quote === '"' || !(first === '"' || plain.endsWith('"'))) return false;
  return plain.split('"').length % 2 === 0;
}

/**
 * For tables whose unquoted values run over lines: the first line gives the columns, and records
 * begin where the first value looks like that of the second line.
 */
function startedCut(text: string, usual: Cut, given: Reading, toBeat: number): Cut | null {
  if (given.quote !== undefined && given.quote !== 'none') return null;
  let best: Cut | null = null;
  let most = Math.max(toBeat, 0.4);
  for (const { delimiter } of candidates(
    text,
    { ...usual, quote: null },
    { ...given, quote: 'none' },
  )) {
    const lines = text.split(/\r\n|\n|\r/, 3).filter((line) => line.trim() !== '');
    const [head, second] = lines;
    if (head === undefined || second === undefined) continue;
    const columns = head.split(delimiter).length;
    for (const shape of ['number', 'code'] as const satisfies readonly RecordStart[]) {
      const cut: Cut = { ...usual, delimiter, quote: null, lineEnds: 'any', recordStart: shape };
      const dialect = { ...cut, skipRows: 0, header: true, rowNames: false, columns };
      if (columns < 2 || !startsRecord(second, dialect, shape)) continue;
      const parser = createRecordParser(dialect);
      const records = [...parser.push(text), ...parser.end()].slice(1);
      const even = records.filter(({ values }) => values.length === columns).length;
      const score = records.length < 2 ? 0 : ((even / records.length) * (columns - 1)) / columns;
      if (score > most) {
        most = score;
        best = cut;
      }
    }
  }
  return best;
}
