/** Detects a text's encoding and decodes it. Clinical exports are often Windows-1252 or UTF-16. */
import { isUtf8 } from 'node:buffer';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'binary';

export interface SniffedEncoding {
  readonly encoding: Encoding;
  readonly byteOrderMarkLength: number;
}

/** Detects the encoding from the first few kilobytes of a file. */
export function sniffEncoding(head: Uint8Array): SniffedEncoding {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) {
    return { encoding: 'utf-8', byteOrderMarkLength: 3 };
  }
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', byteOrderMarkLength: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', byteOrderMarkLength: 2 };
  return { encoding: withoutMark(head.subarray(0, 4096)), byteOrderMarkLength: 0 };
}

/** Western text in UTF-16 has its zero bytes all at odd or all at even offsets. */
function withoutMark(head: Uint8Array): Encoding {
  let even = 0;
  let odd = 0;
  let controls = 0;
  for (let i = 0; i < head.length; i++) {
    const byte = head[i] as number;
    if (byte === 0) {
      if (i % 2 === 0) even++;
      else odd++;
    } else if (byte < 0x20 && !(byte >= 0x08 && byte <= 0x0d) && byte !== 0x1b && byte !== 0x1a) {
      controls++;
    }
  }
  const pairs = head.length / 2;
  if (odd > 0.4 * pairs && even < 0.05 * pairs) return 'utf-16le';
  if (even > 0.4 * pairs && odd < 0.05 * pairs) return 'utf-16be';
  return even + odd > 0 || controls > 0.02 * head.length ? 'binary' : 'utf-8';
}

/** Decodes as UTF-8 if valid; otherwise decodes each invalid line as Windows-1252. */
export function decodeUtf8OrWindows1252(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let text = '';
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    const line = bytes.subarray(start, end);
    text += isUtf8(line) ? line.toString('utf8') : decodeWindows1252(line);
    start = end;
  }
  return text;
}

/**
 * Written by hand because `TextDecoder('windows-1252')` of Node 20 reads 0x80 to 0x9f as Latin-1,
 * which turns curly quotes and dashes into control characters.
 */
export function decodeWindows1252(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replace(/[\u0080-\u009f]/g, (c) => windows1252.charAt(c.charCodeAt(0) - 0x80));
}

/** 0x80 to 0x9f; the five unassigned bytes stay control characters, as in browsers. */
const windows1252 =
  '\u20ac\u0081\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u008d\u017d\u008f' +
  '\u0090\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u009d\u017e\u0178';

/** Decodes a whole file in memory, without its byte-order mark; `null` if it is binary. */
export function decodeText(bytes: Buffer): string | null {
  const { encoding, byteOrderMarkLength } = sniffEncoding(bytes);
  const content = bytes.subarray(byteOrderMarkLength);
  switch (encoding) {
    case 'binary':
      return null;
    case 'utf-8':
      return decodeUtf8OrWindows1252(content);
    case 'utf-16le':
      return content.toString('utf16le');
    case 'utf-16be':
      return swapped(content).toString('utf16le');
  }
}

/** Swaps the bytes of each pair, big-endian to little-endian; drops a trailing odd byte. */
export function swapped(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2))).swap16();
}
