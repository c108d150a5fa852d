/**
 * A choice among the notes of a corpus, which is then a corpus of its own:
 *
 *     NAME.json    {format, notes: [{id, text}]}   text: a hash, since `row-N` is another note once a row was inserted
 */
import { readFile } from 'node:fs/promises';
import { fromSystemError, usageError } from '../base/errors.js';
import { replaceFile } from '../base/files.js';
import { hashText } from '../base/hash.js';
import type { Document } from './document.js';

export interface ChosenNote {
  readonly id: string;
  /** Hash of its text. */
  readonly text: string;
}

export interface ChosenNotes {
  readonly count: number;
  /** Whether a note is one of them, and has not changed since. */
  has(document: Pick<Document, 'id' | 'text'>): boolean;
}

export async function writeChosenNotes(file: string, notes: readonly ChosenNote[]): Promise<void> {
  try {
    await replaceFile(file, `${JSON.stringify({ format: 1, notes })}\n`);
  } catch (error) {
    throw fromSystemError(error, file);
  }
}

export async function readChosenNotes(file: string): Promise<ChosenNotes> {
  let content: string;
  try {
    content = await readFile(file, 'utf8');
  } catch (error) {
    throw fromSystemError(error, file);
  }
  const notes = parse(content);
  if (notes === null) {
    throw usageError(`${file} is no list of chosen notes: choose them again on the map.`);
  }
  const texts = new Map(notes.map(({ id, text }) => [id, text]));
  return {
    count: texts.size,
    has: ({ id, text }) => texts.get(id) === hashText(text),
  };
}

function parse(content: string): readonly ChosenNote[] | null {
  try {
    const { format, notes } = JSON.parse(content) as { format?: unknown; notes?: unknown };
    return format === 1 && Array.isArray(notes) && notes.every(isChosen) ? notes : null;
  } catch {
    return null;
  }
}

function isChosen(note: unknown): note is ChosenNote {
  const { id, text } = Object(note) as Record<string, unknown>;
  return typeof id === 'string' && typeof text === 'string';
}
