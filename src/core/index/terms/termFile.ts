/**
 * A portion of term rows as one file. Little-endian:
 *
 *     "NSTERMS1"; notes, words, pairs of note and word, bytes of the vocabulary: uint32 each
 *     starts uint32 [notes + 1]; terms uint32 [pairs]; counts uint16 [pairs]
 *     sketches [notes, sketchSize]; keys and fingerprints, 16 bytes each, [notes] each
 *     the vocabulary in UTF-8, a word a line
 */
import { sketchSize } from '../../corpus/nearDuplicates.js';
import type { TermRows } from './termRows.js';

const mark = 'NSTERMS1';
const headBytes = mark.length + 4 * 4;
const hashBytes = 16;

export function encodeTermRows(rows: TermRows): Uint8Array {
  const words = Buffer.from(rows.vocabulary.join('\n'), 'utf8');
  const sizes = [rows.keys.length, rows.vocabulary.length, rows.terms.length, words.length];
  const hashes = Buffer.from([...rows.keys, ...rows.fingerprints].join(''), 'hex');
  if (hashes.length !== 2 * hashBytes * rows.keys.length) {
    throw new Error('a key or fingerprint of a note is no hash');
  }
  return Buffer.concat([
    Buffer.from(mark, 'latin1'),
    bytesOf(Uint32Array.from(sizes)),
    bytesOf(rows.starts),
    bytesOf(rows.terms),
    bytesOf(rows.counts),
    rows.sketches,
    hashes,
    words,
  ]);
}

/** `null` if the bytes are no such file, or only a part of one. */
export function decodeTermRows(bytes: Uint8Array): TermRows | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < headBytes || buffer.toString('latin1', 0, mark.length) !== mark) return null;
  const [notes, words, pairs, wordBytes] = [0, 1, 2, 3].map((i) =>
    buffer.readUInt32LE(mark.length + 4 * i),
  ) as [number, number, number, number];
  let at = headBytes;
  const take = (length: number): Buffer => buffer.subarray(at, (at += length));
  // Copied, since an array of uint32 must begin at a multiple of four.
  const starts = new Uint32Array(Uint8Array.from(take(4 * (notes + 1))).buffer);
  const terms = new Uint32Array(Uint8Array.from(take(4 * pairs)).buffer);
  const counts = new Uint16Array(Uint8Array.from(take(2 * pairs)).buffer);
  const sketches = Uint8Array.from(take(sketchSize * notes));
  const hashesOf = (part: Buffer): string[] =>
    Array.from({ length: notes }, (_, i) =>
      part.toString('hex', i * hashBytes, (i + 1) * hashBytes),
    );
  const keys = hashesOf(take(hashBytes * notes));
  const fingerprints = hashesOf(take(hashBytes * notes));
  const text = take(wordBytes).toString('utf8');
  const vocabulary = words === 0 ? [] : text.split('\n');
  if (at !== buffer.length || vocabulary.length !== words) return null;
  return { keys, fingerprints, vocabulary, starts, terms, counts, sketches };
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array | Uint16Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
