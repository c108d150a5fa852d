/**
 * Reads JSON as people write it: numbers stay as they are written (NaN and long ids too), commas
 * may trail, and line breaks may stand in strings. `JSON.parse` rounds or refuses all of these.
 */
import type { Nested } from './nested.js';

export interface ParsedJson {
  readonly value: Nested;
  /** Where the text goes on. */
  readonly end: number;
}

/** Deeper nesting is not data. */
const deepest = 200;

/**
 * @param isCut whether the text may end anywhere: what is complete until there is returned
 * @returns `null` if there is no value that can be read
 */
export function parseJson(text: string, start = 0, isCut = false): ParsedJson | null {
  let at = start;

  function skipBlanks(): void {
    while (at < text.length && isBlank(text.charCodeAt(at))) at++;
  }

  function read(depth: number): Nested {
    skipBlanks();
    const first = text[at];
    if (first === '{') return readRecord(depth);
    if (first === '[') return readList(depth);
    if (first === '"') return readString();
    scalar.lastIndex = at;
    const found = scalar.exec(text)?.[0];
    if (found === undefined) throw at >= text.length ? cut : broken;
    at += found.length;
    if (isCut && at === text.length) throw cut;
    return found === 'true' ? true : found === 'false' ? false : found === 'null' ? null : found;
  }

  function readRecord(depth: number): Nested {
    if (depth > deepest) throw broken;
    const record: Record<string, Nested> = {};
    at++;
    for (let isFirst = true; hasItem('}', record, isFirst); isFirst = false) {
      if (text[at] !== '"') throw broken;
      const key = readString();
      skipBlanks();
      if (text[at] !== ':') throw at >= text.length ? new Cut(record) : broken;
      at++;
      const keep = (value: Nested): void => setField(record, key, value);
      keep(isCut ? readPart(depth, record, keep) : read(depth + 1));
    }
    return record;
  }

  function readList(depth: number): Nested {
    if (depth > deepest) throw broken;
    const list: Nested[] = [];
    at++;
    for (let isFirst = true; hasItem(']', list, isFirst); isFirst = false) {
      list.push(isCut ? readPart(depth, list, (value) => void list.push(value)) : read(depth + 1));
    }
    return list;
  }

  /** Whether an item follows, behind a comma or at the start; otherwise reads what closes. */
  function hasItem(close: '}' | ']', part: Nested, isFirst: boolean): boolean {
    skipBlanks();
    if (text[at] === ',' && !isFirst) {
      at++;
      skipBlanks();
    } else if (!isFirst && text[at] !== close && at < text.length) throw broken;
    if (at >= text.length) throw new Cut(part);
    if (text[at] !== close) return true;
    at++;
    return false;
  }

  /**
   * Reads a value of which the text may have only a part.
   *
   * @param whole what the value is in
   * @param keep takes the part
   */
  function readPart(depth: number, whole: Nested, keep: (value: Nested) => void): Nested {
    try {
      return read(depth + 1);
    } catch (error) {
      if (!(error instanceof Cut)) throw error;
      if (error.part !== undefined) keep(error.part);
      throw new Cut(whole);
    }
  }

  function readString(): string {
    const end = endOfString(text, at);
    if (end < 0) throw cut;
    const written = text.slice(at + 1, end);
    at = end + 1;
    return written.includes('\\') ? unescaped(written) : written;
  }

  try {
    const value = read(0);
    return { value, end: at };
  } catch (error) {
    if (!(error instanceof Cut) && error !== broken) throw error;
    const part = isCut && error instanceof Cut ? error.part : undefined;
    return part === undefined ? null : { value: part, end: text.length };
  }
}

/**
 * Where the quote is that closes the string that begins at `start`; -1 if the text ends before.
 *
 * @param from where to search, for a string of which more was read
 */
export function endOfString(text: string, start: number, from = start + 1): number {
  for (let end = text.indexOf('"', from); end >= 0; end = text.indexOf('"', end + 1)) {
    let slash = end;
    while (slash - 1 > start && text[slash - 1] === '\\') slash--;
    if ((end - slash) % 2 === 0) return end;
  }
  return -1;
}

function setField(record: Record<string, Nested>, name: string, value: Nested): void {
  if (name !== '__proto__') record[name] = value;
  else Object.defineProperty(record, name, { value, enumerable: true, configurable: true });
}

const scalar = /true|false|null|NaN|-?Infinity|-?\.?\d[\d.eE+-]*/y;

class Cut extends Error {
  constructor(readonly part: Nested | undefined) {
    super();
  }
}
const cut = new Cut(undefined);
const broken = new Error('The text is not JSON.');

/** Blanks of JSON, a byte-order mark, a no-break space, and the separator of JSON text sequences. */
export function isBlank(code: number): boolean {
  return (
    code === 0x20 ||
    (code >= 0x09 && code <= 0x0d) ||
    code === 0xfeff ||
    code === 0xa0 ||
    code === 0x1e
  );
}

const escapes: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** What an escape that JSON does not know escapes is kept. */
function unescaped(written: string): string {
  return written.replace(
    /\\(?:u([0-9a-fA-F]{4})|([^]))/g,
    (_all, code: string | undefined, character: string) =>
      code === undefined
        ? (escapes[character] ?? character)
        : String.fromCharCode(parseInt(code, 16)),
  );
}
