/** Reads a letter of any format; what a format needs is loaded when its first letter is met. */
import { throwIfAborted, usageError, UserError } from '../../base/errors.js';
import type { Letter } from './letter.js';
import { letterNames } from './letterKinds.js';
import type { LetterKind } from './letterKinds.js';

type ReadBytes = (bytes: Buffer, options: ReadLetterOptions) => Promise<Letter>;

export interface ReadLetterOptions {
  /** Decodes a file of text. */
  readonly decode: (bytes: Buffer) => string;
  readonly signal?: AbortSignal | undefined;
}

/** Every format, by its name. */
const formats: Readonly<Record<LetterKind, ReadBytes>> = {
  docx: async (bytes) => (await import('./docx.js')).readDocx(bytes),
  // Latin-1 keeps each byte, of which RTF itself says what it means.
  rtf: async (bytes) => (await import('./rtf.js')).readRtf(bytes.toString('latin1'), true),
  pdf: async (bytes, { signal }) => (await import('./pdf.js')).readPdf(bytes, signal),
  html: async (bytes, { decode }) => (await import('./html.js')).readHtml(decode(bytes), false),
};

/** @throws a usage error that ends the sentence "NAME …" if the letter cannot be read */
export async function readLetter(
  kind: LetterKind,
  bytes: Buffer,
  options: ReadLetterOptions,
): Promise<Letter> {
  try {
    return await formats[kind](bytes, options);
  } catch (error) {
    throwIfAborted(options.signal);
    if (error instanceof UserError) throw error;
    // One letter that a library stumbles over must not stop the others.
    throw usageError(`cannot be read as a ${letterNames[kind][0]}: it may be damaged.`, {
      cause: error,
    });
  }
}

/** Text with markup in it, as a column has it. */
export async function readMarkup(kind: 'rtf' | 'html', text: string): Promise<Letter> {
  return kind === 'rtf'
    ? (await import('./rtf.js')).readRtf(text)
    : (await import('./html.js')).readHtml(text);
}
