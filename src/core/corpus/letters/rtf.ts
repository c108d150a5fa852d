/**
 * Reads RTF (Rich Text Format Specification 1.9.1) as text. Written here because no reader on npm is
 * both kept up and made for text: they decode one font's character set, or drop tables.
 */
import { createLeftOut, tidyLines } from './letter.js';
import type { Letter } from './letter.js';
import { codePageOf, createByteText } from './rtfBytes.js';
import { characterWords, destinations } from './rtfWords.js';
import { symbolText } from './symbols.js';

/** What a group inherits from the one around it. */
interface Group {
  /** Its text is part of no document. */
  readonly skips: boolean;
  /** Characters that follow `\u` for readers without Unicode. */
  readonly fallback: number;
  readonly font: string;
  readonly hidden: boolean;
  readonly deleted: boolean;
  readonly into: 'top' | 'body' | 'bottom' | 'fonts';
}

const token = /\\([a-z]+)(-?\d+)? ?|\\'([0-9a-f]{2})|\\([^a-z])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\/gi;

/**
 * @param rawBytes whether characters beyond ASCII are bytes in the document's code page, as in a file
 *   that was read as Latin-1
 */
export function readRtf(rtf: string, rawBytes = false): Letter {
  const leftOut = createLeftOut();
  const text = { top: '', body: '', bottom: '', fonts: '' };
  const codePages = new Map<string, string>();
  const stack: Group[] = [];
  let group: Group = {
    skips: false,
    fallback: 1,
    font: '',
    hidden: false,
    deleted: false,
    into: 'body',
  };
  let usual = 'windows-1252';
  let starred = false;
  let toSkip = 0;
  const bytes = createByteText();

  function put(piece: string): void {
    if (group.skips || piece === '') return;
    if (group.hidden || group.deleted) {
      if (piece.trim() !== '') leftOut.add(group.hidden ? 'hidden' : 'deleted');
      return;
    }
    text[group.into] += piece;
  }
  const codePage = (): string => codePages.get(group.font) ?? usual;
  const flush = (): void => put(bytes.take());
  const set = (change: Partial<Group>): void => void (group = { ...group, ...change });

  function byte(value: number): void {
    if (toSkip > 0) toSkip--;
    else if (codePage() === 'symbol') put(symbolText(value));
    else bytes.add(value, codePage());
  }

  function plain(run: string): void {
    let rest = run.slice(toSkip);
    toSkip = Math.max(0, toSkip - run.length);
    // The second byte of a character may look like ASCII.
    while (rest !== '' && bytes.isOpen()) {
      bytes.add(rest.charCodeAt(0), codePage());
      rest = rest.slice(1);
    }
    if (codePage() === 'symbol') {
      put(rest.replace(/[^]/g, (character) => symbolText(character.charCodeAt(0))));
    } else if (rawBytes && /[\u0080-\u00ff]/.test(rest)) {
      for (const value of Buffer.from(rest, 'latin1')) bytes.add(value, codePage());
    } else {
      flush();
      put(rest);
    }
  }

  function word(name: string, value: number | null): void {
    const isStarred = starred;
    starred = false;
    const destination = destinations[name];
    if (destination !== undefined) {
      if (group.into === 'fonts') return;
      if (destination === 'fonts' || destination === 'top' || destination === 'bottom') {
        set({ into: destination });
      } else if (destination === 'text') set({ skips: stack.at(-1)?.skips ?? false });
      else if (destination === 'unicode') set({ skips: false });
      else {
        if (destination !== 'skip' && !group.skips) leftOut.add(destination);
        set({ skips: true });
      }
      return;
    }
    if (isStarred) {
      set({ skips: true });
      return;
    }
    const character = characterWords[name];
    if (character !== undefined) put(character);
    else if (name === 'u' && value !== null) {
      const code = value < 0 ? value + 65536 : value;
      put(code >= 0xf000 && code <= 0xf0ff ? symbolText(code & 0xff) : String.fromCharCode(code));
      toSkip = group.fallback;
    } else if (name === 'uc') set({ fallback: value ?? 1 });
    else if (name === 'f') set({ font: String(value ?? 0) });
    else if (name === 'fcharset' && group.into === 'fonts') {
      const page = codePageOf(value ?? 0);
      if (page !== null) codePages.set(group.font, page);
    } else if (name === 'ansicpg') usual = codePageOf(value ?? 1252, 'page') ?? usual;
    else if (name === 'mac') usual = 'macroman';
    else if (name === 'pc' || name === 'pca') usual = name === 'pc' ? 'cp437' : 'cp850';
    else if (name === 'deff') group = { ...group, font: String(value ?? 0) };
    else if (name === 'v') set({ hidden: value !== 0 });
    else if (name === 'deleted') set({ deleted: value !== 0 });
    else if (name === 'plain') set({ hidden: false, deleted: false });
  }

  let at = 0;
  token.lastIndex = 0;
  for (let match = token.exec(rtf); match !== null; match = token.exec(rtf)) {
    const [, name, value, hex, symbol, brace, run] = match;
    at = token.lastIndex;
    if (name !== undefined) {
      flush();
      if (toSkip > 0 && name !== 'bin') {
        toSkip--;
        continue;
      }
      if (name === 'bin') token.lastIndex += Number(value ?? 0);
      else word(name, value === undefined ? null : Number(value));
    } else if (hex !== undefined) byte(Number.parseInt(hex, 16));
    else if (symbol !== undefined) {
      flush();
      if (symbol === '*') starred = true;
      else if (toSkip > 0) toSkip--;
      else put(symbolWords[symbol] ?? '');
    } else if (brace === '{') {
      flush();
      toSkip = 0;
      stack.push(group);
      starred = false;
    } else if (brace === '}') {
      flush();
      toSkip = 0;
      const around = stack.pop();
      if (around === undefined) break;
      group = around;
      if (stack.length === 0) break;
    } else if (run !== undefined && group.into !== 'fonts') plain(run);
  }
  flush();
  if (stack.length > 0 || at === 0) leftOut.add('end');
  const whole = [text.top, text.body, text.bottom].filter((part) => part.trim() !== '').join('\n');
  // A row ends with a cell, and so with a tab.
  return { text: tidyLines(whole.replace(/\u00a0/g, ' ')), leftOut: leftOut.counts };
}

/** Control symbols; `\-` is where a word may be broken. */
const symbolWords: Readonly<Record<string, string>> = {
  '\\': '\\',
  '{': '{',
  '}': '}',
  '~': '\u00a0',
  _: '-',
  '\n': '\n',
  '\r': '\n',
  '\t': '\t',
};
