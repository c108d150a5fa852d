/**
 * Reads one record of a delimited text. Has no dependencies, so that the code that follows the
 * cursor in an editor can use it too.
 */
import type { Dialect } from '../../protocol/catalogue/reading.js';

/** How a quote is read that is followed by neither a delimiter nor a line end. */
export type AfterQuote = 'stop' | 'literal' | 'as-written';

export interface RecordAt {
  readonly values: readonly string[];
  /** Offset behind the record's line end, or at which reading stopped. */
  readonly end: number;
  /**
   * `unclosed`: the text ends within quotes. `after-quote`: text follows a closing quote; without
   * 'stop' the record was read all the same.
   */
  readonly flaw: 'unclosed' | 'after-quote' | null;
  /** Whether an unquoted value has a quote that is not paired. */
  readonly hasStrayQuote?: boolean;
}

export type RecordReader = (from: number, afterQuote?: AfterQuote) => RecordAt | 'incomplete';

export interface LineEnd {
  readonly at: number;
  readonly length: number;
}

/** Finds the ends of lines that end a record, by ascending offsets. */
export function lineEnds(
  text: string,
  kind: Dialect['lineEnds'],
): (from: number) => LineEnd | null {
  let feed = -1;
  let carriage = -1;
  let lowest = 0;
  const next = (found: number, character: string, from: number): number => {
    if (found >= from) return found;
    const at = text.indexOf(character, from);
    return at < 0 ? Infinity : at;
  };
  return (from) => {
    if (from < lowest) {
      feed = -1;
      carriage = -1;
    }
    lowest = from;
    if (kind === 'crlf') {
      feed = next(feed, '\r\n', from);
      return feed === Infinity ? null : { at: feed, length: 2 };
    }
    feed = next(feed, '\n', from);
    if (kind === 'any') {
      carriage = next(carriage, '\r', from);
      if (carriage < feed) return { at: carriage, length: carriage + 1 === feed ? 2 : 1 };
    }
    if (feed === Infinity) return null;
    return feed > from && text[feed - 1] === '\r'
      ? { at: feed - 1, length: 2 }
      : { at: feed, length: 1 };
  };
}

/**
 * @param isWhole whether the text ends here; otherwise a record that reaches its end is incomplete
 */
export function recordReader(text: string, dialect: Dialect, isWhole: boolean): RecordReader {
  const { delimiter, quote, escape } = dialect;
  const lineEndAt = lineEnds(text, dialect.lineEnds);
  let nextDelimiter = -1;
  let lowest = 0;
  /** Remembered, so that a text without delimiters is not searched again for every line. */
  const delimiterAt = (at: number): number => {
    if (at < lowest || nextDelimiter < at) {
      const found = text.indexOf(delimiter, at);
      nextDelimiter = found < 0 ? Infinity : found;
    }
    lowest = at;
    return nextDelimiter;
  };
  const isBlank = (at: number): boolean =>
    (text[at] === ' ' || text[at] === '\t') && !text.startsWith(delimiter, at);
  const afterBlanks = (from: number): number => {
    let at = from;
    while (isBlank(at)) at++;
    return at;
  };
  const startsLineEnd = (at: number): boolean =>
    dialect.lineEnds === 'crlf'
      ? text.startsWith('\r\n', at)
      : text[at] === '\n' ||
        (text[at] === '\r' && (dialect.lineEnds === 'any' || text[at + 1] === '\n'));

  /** Whether only further text shows if a line break or a longer delimiter begins here. */
  const isUndecided = (at: number): boolean =>
    at >= text.length ||
    (text[at] === '\r' && at + 1 === text.length) ||
    (at + delimiter.length > text.length && delimiter.startsWith(text.slice(at)));

  /** Offset of the quote that closes a value; -1 if there is none. */
  function closingQuote(mark: string, from: number): number {
    for (let at = text.indexOf(mark, from); at >= 0; at = text.indexOf(mark, at + 1)) {
      if (escape === 'backslash') {
        let slashes = 0;
        while (at - slashes > from && text[at - slashes - 1] === '\\') slashes++;
        if (slashes % 2 === 1) continue;
      }
      if (text[at + 1] !== mark) return at;
      at++;
    }
    return -1;
  }

  let hasStrayQuote = false;

  function unquoted(from: number, to: number): string {
    const value = text.slice(from, to);
    if (quote !== null && value.includes(quote)) {
      hasStrayQuote ||= value.split(quote).length % 2 === 0;
    }
    return value;
  }

  return (from, afterQuote = 'stop') => {
    const values: string[] = [];
    let flaw: RecordAt['flaw'] = null;
    hasStrayQuote = false;
    let end = lineEndAt(from);
    for (let at = from; ;) {
      const opening = quote === null ? at : afterBlanks(at);
      if (quote !== null && text[opening] === quote) {
        let close = opening;
        let behind = 0;
        for (;;) {
          close = closingQuote(quote, close + 1);
          if (close < 0 && !isWhole) return 'incomplete';
          if (close < 0) return { values, end: text.length, flaw: 'unclosed' };
          behind = afterBlanks(close + 1);
          // Whether a line break or a longer delimiter follows is not known yet.
          if (!isWhole && isUndecided(behind)) return 'incomplete';
          if (behind >= text.length || text.startsWith(delimiter, behind)) break;
          if (startsLineEnd(behind)) break;
          if (afterQuote === 'stop') return { values, end: close + 1, flaw: 'after-quote' };
          flaw = 'after-quote';
          if (afterQuote === 'as-written') break;
        }
        const isClosed = behind >= text.length || text.startsWith(delimiter, behind);
        end = end !== null && end.at < close ? lineEndAt(behind) : end;
        if (!isClosed && !startsLineEnd(behind)) {
          // The value goes on as it is written, quotes included.
          const next = delimiterAt(behind);
          const stop = Math.min(next, end?.at ?? text.length);
          values.push(text.slice(opening, stop));
          if (stop !== next) return ended(values, end, flaw);
          at = stop + delimiter.length;
          continue;
        }
        values.push(plainValue(text.slice(opening + 1, close), quote));
        if (!text.startsWith(delimiter, behind) || behind >= text.length) {
          return ended(values, end, flaw);
        }
        at = behind + delimiter.length;
        continue;
      }
      const next = delimiterAt(at);
      if (next === Infinity || (end !== null && end.at < next)) {
        values.push(unquoted(at, end?.at ?? text.length));
        return ended(values, end, flaw);
      }
      values.push(unquoted(at, next));
      at = next + delimiter.length;
    }
  };

  function ended(
    values: readonly string[],
    end: LineEnd | null,
    flaw: RecordAt['flaw'],
  ): RecordAt | 'incomplete' {
    if (end === null) {
      return isWhole ? { values, end: text.length, flaw, hasStrayQuote } : 'incomplete';
    }
    const after = end.at + end.length;
    // A CR at the end of a piece may be the first half of CRLF.
    if (!isWhole && after === text.length && end.length === 1 && text[end.at] === '\r') {
      return 'incomplete';
    }
    return { values, end: after, flaw, hasStrayQuote };
  }

  function plainValue(written: string, mark: string): string {
    if (escape === 'backslash') {
      return written.includes('\\')
        ? written.replace(/\\([\\"'])/g, '$1')
        : written.replaceAll(mark + mark, mark);
    }
    return written.includes(mark) ? written.replaceAll(mark + mark, mark) : written;
  }
}

/** How many lines an editor shows for a text: CRLF, LF and CR each break one. */
export function lineBreaksIn(text: string): number {
  let breaks = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) breaks++;
  for (let at = text.indexOf('\r'); at >= 0; at = text.indexOf('\r', at + 1)) {
    if (text[at + 1] !== '\n') breaks++;
  }
  return breaks;
}
