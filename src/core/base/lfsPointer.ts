/**
 * Git LFS keeps large files elsewhere and leaves a few lines of text in their place. A clone made
 * without it holds only those. https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
 */
import { stat } from 'node:fs/promises';
import { readBytes, withFile } from './byteSource.js';
import type { ByteSource } from './byteSource.js';
import { failure } from './errors.js';

const start = 'version https://git-lfs.github.com/spec/';
/** A pointer must be shorter. */
const longestPointer = 1024;

async function isPointer(source: ByteSource): Promise<boolean> {
  if (source.size < start.length || source.size >= longestPointer) return false;
  return (await readBytes(source, 0, start.length)).toString('latin1') === start;
}

/** Throws if the file is a pointer. */
export async function refusePointer(path: string, source: ByteSource): Promise<void> {
  if (!(await isPointer(source))) return;
  throw failure(
    `The file ${path} is only a Git LFS pointer, a note of where the real file is kept: run "git lfs pull" in that folder, or download the file itself.`,
  );
}

/** As `refusePointer`; opens only a file that is short enough. */
export async function refusePointerAt(path: string): Promise<void> {
  if ((await stat(path)).size >= longestPointer) return;
  await withFile(path, 'The model file', (source) => refusePointer(path, source));
}
