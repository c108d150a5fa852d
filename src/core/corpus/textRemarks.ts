/** Counts what is odd in a text while it streams by, and says so once. */
import type { ReportProblem } from './corpus.js';

export interface TextCounts {
  /** NUL characters, which are left out. */
  nuls: number;
  /** Lines that are not valid UTF-8 in a file that otherwise is. */
  westernLines: number;
  /** Bits of text such as "Ã©", which was decoded twice. */
  decodedTwice: number;
}

export function createTextCounts(): TextCounts {
  return { nuls: 0, westernLines: 0, decodedTwice: 0 };
}

/** UTF-8 of a Latin letter or of a curly quote, read as Windows-1252 or Latin-1. */
const twice =
  /Ã[\u0080-\u00bf\u0152-\u0192\u2013-\u203a\u20ac\u2122]|â(€|\u0080)[\u0080-\u00bf\u0153\u2013-\u203a\u2122]/g;

/** The text without NULs. */
export function counted(text: string, counts: TextCounts): string {
  if (text.includes('Ã') || text.includes('â')) {
    counts.decodedTwice += text.match(twice)?.length ?? 0;
  }
  if (!text.includes('\0')) return text;
  const plain = text.replaceAll('\0', '');
  counts.nuls += text.length - plain.length;
  return plain;
}

export function reportText(counts: TextCounts, name: string, report: ReportProblem): void {
  const where = `${name}:1`;
  const { nuls, westernLines, decodedTwice } = counts;
  if (nuls > 0) {
    report(
      where,
      `${nuls} NUL ${plural(nuls, 'character')} in the file ${nuls === 1 ? 'was' : 'were'} left out.`,
      'kept',
    );
  }
  if (westernLines > 0) {
    report(
      where,
      `${westernLines} ${plural(westernLines, 'line')} not valid as UTF-8 ${westernLines === 1 ? 'was' : 'were'} read as Windows-1252.`,
      'kept',
    );
  }
  if (decodedTwice > 0) {
    report(
      where,
      `${decodedTwice} ${plural(decodedTwice, 'place')} ${decodedTwice === 1 ? 'looks' : 'look'} as if the text had been decoded twice ("Ã©" for "é"): export the file again if so.`,
      'kept',
    );
  }
}

function plural(count: number, noun: string): string {
  return count === 1 ? noun : `${noun}s`;
}
