/** Keeps the parts of an evaluation that are done, so that one that was cut short goes on from there. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAbsent } from '../../core/base/errors.js';
import { makeFolder, writeFileAtomic } from '../../core/base/files.js';
import { hashText } from '../../core/base/hash.js';
import type { Classified } from '../../core/evaluate/classification/classifier.js';

export type Once = (key: string, compute: () => Promise<Classified>) => Promise<Classified>;

/**
 * @param folder `null`: nothing is kept
 * @param basis identifies the notes and models: parts of others are not taken
 */
export function finishedParts(folder: string | null, basis: string): Once {
  if (folder === null) return (_, compute) => compute();
  return async (name, compute) => {
    const key = `${basis} ${name}`;
    const path = join(folder, `${hashText(key)}.json`);
    const known = await readPart(path, key);
    if (known !== null) return known;
    const fresh = await compute();
    await makeFolder(folder);
    await writeFileAtomic(path, JSON.stringify(stored(key, fresh)));
    return fresh;
  };
}

interface StoredPart extends Omit<Classified, 'probabilities' | 'predicted'> {
  readonly key: string;
  /** Little-endian float64, base64. */
  readonly probabilities: string | null;
  readonly predicted: readonly number[];
  readonly labels: 'one' | 'several';
}

function stored(key: string, { probabilities, predicted, ...rest }: Classified): StoredPart {
  return {
    key,
    ...rest,
    probabilities:
      probabilities === null
        ? null
        : Buffer.from(
            probabilities.buffer,
            probabilities.byteOffset,
            probabilities.byteLength,
          ).toString('base64'),
    predicted: [...predicted],
    labels: predicted instanceof Uint8Array ? 'several' : 'one',
  };
}

/** `null` if it is not there, or was written by something else. */
async function readPart(path: string, key: string): Promise<Classified | null> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
  try {
    const {
      key: found,
      probabilities,
      predicted,
      labels,
      ...rest
    } = JSON.parse(text) as StoredPart;
    if (found !== key) return null;
    return {
      ...rest,
      probabilities: probabilities === null ? null : floatsOf(probabilities),
      predicted: labels === 'several' ? Uint8Array.from(predicted) : Int32Array.from(predicted),
    };
  } catch {
    return null;
  }
}

function floatsOf(base64: string): Float64Array {
  const bytes = Buffer.from(base64, 'base64');
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}
