/** Detects a text's encoding and decodes it. Clinical exports are often Windows-1252 or UTF-16. */
import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'utf-32le' | 'utf-32be' | 'binary';

export interface SniffedEncoding {
  readonly encoding: Encoding;
  readonly byteOrderMarkLength: number;
}

/** In the order in which they are tried: the mark of UTF-32LE begins like that of UTF-16LE. */
const marks = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-32le', [0xff, 0xfe, 0, 0]],
  ['utf-32be', [0, 0, 0xfe, 0xff]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
] as const;

/** How files of other kinds begin that may be named as texts. */
const otherKinds = ['504b0304', '25504446', '89504e47', 'd0cf11e0', '377abcaf', '50415231'];

/** Detects the encoding from the first few kilobytes of a file. */
export function sniffEncoding(head: Uint8Array): SniffedEncoding {
  for (const [encoding, mark] of marks) {
    if (mark.every((byte, i) => head[i] === byte)) {
      return { encoding, byteOrderMarkLength: mark.length };
    }
  }
  return { encoding: withoutMark(head.subarray(0, 4096)), byteOrderMarkLength: 0 };
}

/**
 * Western text in UTF-16 has its zero bytes all at odd or all at even offsets, in UTF-32 three of
 * four bytes. A stray NUL makes no file binary.
 */
function withoutMark(head: Uint8Array): Encoding {
  const zeros = [0, 0, 0, 0];
  let controls = 0;
  for (let i = 0; i < head.length; i++) {
    const byte = head[i] as number;
    if (byte === 0) zeros[i % 4] = (zeros[i % 4] ?? 0) + 1;
    else if (isOddControl(byte)) controls++;
  }
  const [a = 0, b = 0, c = 0, d = 0] = zeros;
  const quarter = head.length / 4;
  if (otherKinds.includes(Buffer.from(head.subarray(0, 4)).toString('hex'))) return 'binary';
  if (Math.min(c, d) > 0.9 * quarter && b > 0.6 * quarter && a < 0.05 * quarter) return 'utf-32le';
  if (Math.min(a, b) > 0.9 * quarter && c > 0.6 * quarter && d < 0.05 * quarter) return 'utf-32be';
  if (b + d > 0.8 * quarter && a + c < 0.1 * quarter) return 'utf-16le';
  if (a + c > 0.8 * quarter && b + d < 0.1 * quarter) return 'utf-16be';
  const share = (a + b + c + d) / Math.max(head.length, 1);
  return share > 0.1 || controls > 0.02 * head.length ? 'binary' : 'utf-8';
}

/** Controls that no text has; 0x01 and 0x1c to 0x1f separate values in some tables. */
function isOddControl(byte: number): boolean {
  return byte < 0x1a && byte !== 0x01 && !(byte >= 0x08 && byte <= 0x0d);
}

/**
 * Decodes as UTF-8 if valid; otherwise decodes each invalid line as Windows-1252.
 *
 * @param counts counts those lines
 */
export function decodeUtf8OrWindows1252(bytes: Buffer, counts?: { westernLines: number }): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let text = '';
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    const line = bytes.subarray(start, end);
    const isValid = isUtf8(line);
    if (!isValid && counts !== undefined) counts.westernLines++;
    text += isValid ? line.toString('utf8') : decodeWindows1252(line);
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

/** Decodes a whole file in memory, without its byte-order mark and NULs; `null` if it is binary. */
export function decodeText(bytes: Buffer): string | null {
  const { encoding, byteOrderMarkLength } = sniffEncoding(bytes);
  const content = bytes.subarray(byteOrderMarkLength);
  switch (encoding) {
    case 'binary':
      return null;
    case 'utf-8':
      return decodeUtf8OrWindows1252(content).replaceAll('\0', '');
    case 'utf-16le':
      return content.toString('utf16le');
    case 'utf-16be':
      return swapped(content).toString('utf16le');
    case 'utf-32le':
    case 'utf-32be':
      return iconv.decode(content, encoding);
  }
}

/** Whether an encoding of this name can be decoded. */
export function isEncoding(name: string): boolean {
  return iconv.encodingExists(name);
}

/** Swaps the bytes of each pair, big-endian to little-endian; drops a trailing odd byte. */
export function swapped(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2))).swap16();
}
