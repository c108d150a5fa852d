/** A text file that is opened: its encoding, its beginning, and the text as often as it is asked for. */
import path from 'node:path';
import { findEncoding } from './fileEncoding.js';
import type { FileEncoding } from './fileEncoding.js';
import type { TextCounts } from './textRemarks.js';
import { readText } from './textStream.js';

export interface TextFile {
  /** Without its folder. */
  readonly name: string;
  readonly encoding: FileEncoding;
  /** On which the format is settled. */
  readonly head: string;
  /** Whether that is all of the text. */
  readonly isWhole: boolean;
  /** @param counts what is odd in the text is added to it */
  text(signal?: AbortSignal, counts?: TextCounts): AsyncGenerator<string>;
}

/**
 * @param given encoding, if it is known
 * @param isEnough whether a beginning is long enough
 */
export async function openText(
  file: string,
  given: string | undefined,
  isEnough: (head: string) => boolean,
  signal?: AbortSignal,
): Promise<TextFile> {
  const encoding = await findEncoding(file, given, signal);
  const opened = {
    ...{ name: path.basename(file), encoding },
    text: (stop?: AbortSignal, counts?: TextCounts) => readText(file, stop, encoding, counts),
  };
  let head = '';
  for await (const piece of opened.text(signal)) {
    head += piece;
    if (isEnough(head)) return { ...opened, head, isWhole: false };
  }
  return { ...opened, head, isWhole: true };
}
