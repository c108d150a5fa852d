/** Tells the kind of a file by what is in it; its name counts only where that says nothing. */
import type { ReaderName } from '../../protocol/catalogue/readers.js';
import { readerNames } from '../../protocol/catalogue/readers.js';
import { readBytes } from './bytes.js';
import type { FileHead } from './corpus.js';
import { readers } from './readers.js';
import { decodeText } from './textEncoding.js';

const headBytes = 256 * 1024;

/** `null` if no reader knows the content. */
export async function kindByContent(
  file: string,
  signal?: AbortSignal,
): Promise<ReaderName | null> {
  const pieces: Buffer[] = [];
  let length = 0;
  let isWhole = true;
  for await (const piece of readBytes(file, signal)) {
    pieces.push(piece);
    length += piece.length;
    isWhole = length < headBytes;
    if (!isWhole) break;
  }
  const bytes = Buffer.concat(pieces).subarray(0, headBytes);
  // The cut may fall within a character, which would make a line of another encoding.
  const upTo = isWhole ? bytes.length : Math.max(bytes.lastIndexOf(0x0a), 0) || bytes.length;
  return kindOf({ bytes, text: decodeText(bytes.subarray(0, upTo)) ?? '', isWhole });
}

/** The kind of a text in an editor. */
export function kindOfText(text: string): ReaderName | null {
  return kindOf({ bytes: Buffer.alloc(0), text, isWhole: true });
}

function kindOf(head: FileHead): ReaderName | null {
  return readerNames.find((name) => readers[name].recognises?.(head) === true) ?? null;
}
