/**
 * Makes plain text of what any reader gives: RTF and HTML, in a column or a text file, without their
 * markup, and no encoded data. Counts what it did.
 */
import type { ReportProblem, Row } from './corpus.js';
import { withoutBlobs } from './blobs.js';
import { describeLeftOut } from './letters/letter.js';
import type { LeftOut, LeftOutKind } from './letters/letter.js';
import { letterNames } from './letters/letterKinds.js';
import type { LetterKind } from './letters/letterKinds.js';
import { markupOf } from './letters/markup.js';
import { readMarkup } from './letters/readLetter.js';

export interface MarkupCounts {
  /** @param where of the text, `file:line` */
  add(kind: LetterKind, leftOut: LeftOut, where: string): void;
  report(report: ReportProblem): void;
}

interface Count {
  readonly first: string;
  texts: number;
  readonly leftOut: Partial<Record<LeftOutKind, number>>;
}

export function createMarkupCounts(): MarkupCounts {
  const counts = new Map<LetterKind, Count>();
  return {
    add(kind, leftOut, where) {
      let count = counts.get(kind);
      if (count === undefined) counts.set(kind, (count = { first: where, texts: 0, leftOut: {} }));
      count.texts++;
      for (const [what, number] of Object.entries(leftOut) as [LeftOutKind, number][]) {
        count.leftOut[what] = (count.leftOut[what] ?? 0) + number;
      }
    },
    report(report) {
      for (const [kind, { first, texts, leftOut }] of counts) {
        const [one, many] = letterNames[kind];
        const read =
          texts === 1 ? `1 ${one} was read` : `${texts.toLocaleString('en')} ${many} were read`;
        const rest = describeLeftOut(leftOut);
        const without = rest === '' ? '' : `, without ${rest}`;
        report(first, `${read} as plain text${without}${isFirst(texts)}.`, 'kept');
      }
    },
  };
}

export interface PlainText {
  /** A row whose text is plain; the same row if it was. */
  row(row: Row): Row | Promise<Row>;
  report(report: ReportProblem): void;
}

/** @param fields that hold text */
export function createPlainText(fields: readonly string[]): PlainText {
  const counts = createMarkupCounts();
  let blobs = 0;
  let characters = 0;
  let firstBlob = '';

  function withoutData(text: string, where: string): string {
    const found = withoutBlobs(text);
    if (found.characters === 0) return text;
    if (blobs++ === 0) firstBlob = where;
    characters += found.characters;
    return found.text;
  }

  async function withoutMarkup(kind: 'rtf' | 'html', text: string, where: string): Promise<string> {
    const letter = await readMarkup(kind, text);
    counts.add(kind, letter.leftOut, where);
    return withoutData(letter.text, where);
  }

  async function plainFile(row: Row, text: string, kind: 'rtf' | 'html'): Promise<Row> {
    return { ...row, text: await withoutMarkup(kind, text, row.where), isExtracted: true };
  }

  function fileRow(row: Row, text: string): Row | Promise<Row> {
    const kind = row.isExtracted === true ? null : markupOf(text, isMarkdown(row.file ?? ''));
    if (kind !== null) return plainFile(row, text, kind);
    const plain = withoutData(text, row.where);
    return plain === text ? row : { ...row, text: plain, isExtracted: true };
  }

  function fieldRow(row: Row): Row | Promise<Row> {
    const changed = new Map<string, string | Promise<string>>();
    let isLater = false;
    for (const field of fields) {
      const text = row.value(field, 'lines');
      if (text === null) continue;
      const kind = markupOf(text);
      if (kind !== null) isLater = true;
      const plain =
        kind === null ? withoutData(text, row.where) : withoutMarkup(kind, text, row.where);
      if (plain !== text) changed.set(field, plain);
    }
    if (changed.size === 0) return row;
    return isLater ? settled(row, changed) : withValues(row, changed as Map<string, string>);
  }

  return {
    row: (row) => (row.text === null ? fieldRow(row) : fileRow(row, row.text)),
    report(report) {
      counts.report(report);
      if (blobs === 0) return;
      const texts = blobs === 1 ? '1 text holds' : `${blobs.toLocaleString('en')} texts hold`;
      report(
        firstBlob,
        `${texts} encoded data (base64 or hexadecimal, ${characters.toLocaleString('en')} characters), which was left out${isFirst(blobs)}.`,
        'kept',
      );
    },
  };
}

/** One remark stands for all texts of a kind. */
function isFirst(texts: number): string {
  return texts === 1 ? '' : '; this is the first';
}

async function settled(row: Row, changed: Map<string, string | Promise<string>>): Promise<Row> {
  const values = new Map<string, string>();
  for (const [field, value] of changed) values.set(field, await value);
  return withValues(row, values);
}

function withValues(row: Row, values: ReadonlyMap<string, string>): Row {
  return { ...row, value: (field, list) => values.get(field) ?? row.value(field, list) };
}

/** Markdown may have HTML within it, which is its own. */
function isMarkdown(file: string): boolean {
  return /\.(md|markdown)$/i.test(file);
}
