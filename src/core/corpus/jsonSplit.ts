/**
 * Cuts a JSON text into its records, piece by piece: the values at a path of names, whether they
 * stand in a list, one after another, or with commas between them. Memory holds one record.
 */
import { anyName } from './recordPlaces.js';
import { endOfString, isBlank, parseJson } from './jsonParse.js';
import { isRecord } from './nested.js';
import type { RecordSplitter, SplitRecord } from './splitRecord.js';

/** In characters. A longer record has lost a quote. */
const longestRecord = 64 * 1024 * 1024;

/** What is open around the place that is read. */
interface Open {
  readonly isList: boolean;
  /** How many names of the path lead here. */
  readonly level: number;
}

/**
 * @param path names that lead from the outermost object to the records, `*` for any; empty for the
 *   outermost values
 */
export function createJsonSplitter(path: readonly string[], firstLine = 1): RecordSplitter {
  let text = '';
  let at = 0;
  let line = firstLine;
  /** The next line break to count; beyond the text if there is none, from where to search if null. */
  let nextBreak: number | null = null;
  let searchedBreaks = 0;
  const open: Open[] = [];
  /** The value that is being read, and how far; kept between pieces, so that none is read twice. */
  let value: {
    start: number;
    scanned: number;
    depth: number;
    searched: number;
    isRecord: boolean;
  } | null = null;
  /** How records usually begin: their first name, to find the next one after one that is broken. */
  let firstName: string | null = null;
  let isLost = false;
  /** The name that any name in the path stands for. */
  let key: string | null = null;

  function level(): number {
    return open.at(-1)?.level ?? 0;
  }

  /** Positions must not descend. */
  function lineAt(position: number): number {
    for (;;) {
      if (nextBreak === null) {
        const found = text.indexOf('\n', searchedBreaks);
        if (found < 0) {
          searchedBreaks = text.length;
          return line;
        }
        nextBreak = found;
      }
      if (nextBreak >= position) return line;
      line++;
      searchedBreaks = nextBreak + 1;
      nextBreak = null;
    }
  }

  function drain(isWhole: boolean): SplitRecord[] {
    const records: SplitRecord[] = [];
    while (at < text.length) {
      if (isLost && !resync(at)) {
        at = Math.max(at, text.length - resyncTail);
        break;
      }
      if (!(value === null ? step(isWhole, records) : finishValue(isWhole, records))) break;
    }
    const done = value === null ? at : value.start;
    lineAt(done);
    text = text.slice(done);
    searchedBreaks = Math.max(0, searchedBreaks - done);
    if (nextBreak !== null) nextBreak -= done;
    at -= done;
    if (value !== null) {
      value.start = 0;
      value.scanned -= done;
      value.searched -= done;
    }
    return records;
  }

  /** One step between records; `false` if more text is needed. */
  function step(isWhole: boolean, records: SplitRecord[]): boolean {
    const character = text.charAt(at);
    if (isBlank(text.charCodeAt(at)) || character === ',') {
      at++;
    } else if (character === '}' || character === ']') {
      open.pop();
      at++;
    } else if (open.at(-1)?.isList === false) {
      return readName(isWhole);
    } else if (character === '{' && level() < path.length) {
      open.push({ isList: false, level: level() });
      at++;
    } else if (character === '[') {
      open.push({ isList: true, level: level() });
      at++;
    } else if (character === '{') {
      begin(true);
    } else {
      return skipScalar(isWhole, records);
    }
    return true;
  }

  /** A name of an object on the way to the records, and what follows it. */
  function readName(isWhole: boolean): boolean {
    const end = text[at] === '"' ? endOfString(text, at) : -1;
    let next = end + 1;
    while (end >= 0 && next < text.length && isBlank(text.charCodeAt(next))) next++;
    // What follows decides, so it must be there too.
    let first = next + 1;
    while (end >= 0 && first < text.length && isBlank(text.charCodeAt(first))) first++;
    if (end < 0 || first >= text.length) {
      if (isWhole) at = text.length;
      return isWhole;
    }
    const reached = level();
    const name = text.slice(at + 1, end);
    const isNext = path[reached] === anyName || path[reached] === name;
    if (path[reached] === anyName) key = name;
    at = text[next] === ':' ? first : next;
    const character = text[at];
    if (isNext && character === '[') {
      open.push({ isList: true, level: reached + 1 });
      at++;
    } else if (isNext && character === '{' && reached + 1 < path.length) {
      open.push({ isList: false, level: reached + 1 });
      at++;
    } else if (character === '{' || character === '[') {
      begin(isNext && character === '{');
    } else {
      value = { start: at, scanned: at, depth: 0, searched: at, isRecord: false };
    }
    return true;
  }

  function begin(isRecordStart: boolean): void {
    value = { start: at, scanned: at, depth: 0, searched: at, isRecord: isRecordStart };
  }

  /** A value in place of a record, such as a number in a list. */
  function skipScalar(isWhole: boolean, records: SplitRecord[]): boolean {
    const start = at;
    const end =
      text[at] === '"' ? endOfString(text, at) + 1 : at + text.slice(at).search(/[\s,\]}{["]|$/);
    if (end === 0 && isWhole) at = text.length;
    else if (end === 0 || (end === text.length && !isWhole)) return false;
    else at = Math.max(end, at + 1);
    records.push({
      ...{ line: lineAt(start), lastLine: lineAt(at), value: null, isCutOff: false },
    });
    return true;
  }

  function finishValue(isWhole: boolean, records: SplitRecord[]): boolean {
    const current = value;
    if (current === null) return true;
    const end = endOfValue(current);
    const isTooLong = end < 0 && text.length - current.start > longestRecord;
    if (end < 0 && !isWhole && !isTooLong) {
      if (!current.isRecord) dropRead(current);
      return false;
    }
    value = null;
    if (!current.isRecord) {
      at = end < 0 ? text.length : end;
      return true;
    }
    const stop = end < 0 ? text.length : end;
    const first = lineAt(current.start);
    const parsed = end < 0 ? null : parseJson(text, current.start);
    if (parsed !== null && isRecord(parsed.value)) {
      firstName ??= Object.keys(parsed.value)[0] ?? null;
      at = end;
      const record = key === null ? parsed.value : { key, ...parsed.value };
      records.push({ line: first, lastLine: lineAt(end), value: record, isCutOff: false });
      return true;
    }
    firstName ??=
      /^\{\s*"([^"\\]*)"/.exec(text.slice(current.start, current.start + 200))?.[1] ?? null;
    at = current.start + 1;
    if (!resync(at, stop)) {
      at = stop;
      isLost = isTooLong;
    }
    const isCutOff = end < 0 && at === text.length && isWhole;
    records.push({ line: first, lastLine: lineAt(at), value: null, isCutOff });
    return true;
  }

  /** Goes to the next record that begins as records do; `false` if there is none before `stop`. */
  function resync(from: number, stop = text.length): boolean {
    const name =
      firstName === null ? '[^"\\\\]*' : firstName.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
    const start = new RegExp(`\\}\\s*,?\\s*(\\{\\s*"${name}"\\s*:)`, 'g');
    start.lastIndex = from;
    const found = start.exec(text);
    if (found === null) return false;
    const next = found.index + found[0].length - (found[1]?.length ?? 0);
    if (next >= stop) return false;
    at = next;
    isLost = false;
    return true;
  }

  /** Where the value ends; -1 if the text ends before. */
  function endOfValue(current: NonNullable<typeof value>): number {
    while (current.scanned < text.length) {
      const marks = current.depth === 0 ? bareMarks : innerMarks;
      marks.lastIndex = current.scanned;
      const found = marks.exec(text);
      if (found === null) break;
      const [mark] = found;
      if (mark === '"') {
        const end = endOfString(text, found.index, Math.max(found.index + 1, current.searched));
        current.scanned = end < 0 ? found.index : end + 1;
        // A backslash at the end may escape what comes.
        current.searched = end < 0 ? Math.max(found.index + 1, text.length) : 0;
        if (end < 0) return -1;
      } else if (mark === '{' || mark === '[') {
        current.depth++;
        current.scanned = found.index + 1;
      } else {
        // A bare value ends before a comma, or before what closes the object that it is in.
        if (current.depth === 0) return found.index;
        current.scanned = found.index + 1;
        current.depth--;
        if (current.depth === 0) return current.scanned;
      }
    }
    return -1;
  }

  /** Forgets what was read of a value that is not needed. */
  function dropRead(current: NonNullable<typeof value>): void {
    current.start = current.scanned;
  }

  return {
    push(piece) {
      text += piece;
      return drain(false);
    },
    end() {
      const records = drain(true);
      text = '';
      return records;
    },
  };
}

const innerMarks = /["{}[\]]/g;
const bareMarks = /["{}[\],]/g;

/** So much of a text without a record is kept, in case a record begins at its end. */
const resyncTail = 1000;
