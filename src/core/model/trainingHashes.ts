/**
 * Records a model's training documents as salted hashes, without revealing them. They show whether
 * a given text was trained on, so that an evaluation can leave it out.
 */
import { hashText } from '../base/hash.js';

export interface TrainingHashes {
  /**
   * Random, new for every training run, so that equal notes have different hashes in different
   * models.
   */
  readonly salt: string;
  readonly hashes: readonly string[];
  /**
   * Hashes of the models from which training started, each with its own salt; absent if there are
   * none.
   */
  readonly inherited?: readonly TrainingHashes[];
}

/** @param base hashes of the base model */
export function createTrainingHashes(
  texts: Iterable<string>,
  salt: string,
  base: TrainingHashes | null = null,
): TrainingHashes {
  const found = new Set<string>();
  for (const text of texts) found.add(trainingHash(text, salt));
  const hashes = [...found].sort();
  if (base === null) return { salt, hashes };
  const { inherited = [], ...own } = base;
  return { salt, hashes, inherited: [...inherited, own] };
}

/** Positions of those of `texts` that this model, or one it was trained from, was trained on. */
export function overlap(training: TrainingHashes, texts: readonly string[]): number[] {
  const all = [training, ...(training.inherited ?? [])].map(({ salt, hashes }) => ({
    salt,
    known: new Set(hashes),
  }));
  return texts.flatMap((text, i) =>
    all.some(({ salt, known }) => known.has(trainingHash(text, salt))) ? [i] : [],
  );
}

/** Parses the hashes; `null` if malformed. */
export function parseTrainingHashes(json: unknown): TrainingHashes | null {
  if (typeof json !== 'object' || json === null) return null;
  const { salt, hashes, inherited } = json as Record<string, unknown>;
  if (typeof salt !== 'string' || !Array.isArray(hashes)) return null;
  const own = { salt, hashes: hashes.filter((hash): hash is string => typeof hash === 'string') };
  if (!Array.isArray(inherited)) return own;
  const parsed = inherited.map(parseTrainingHashes).filter((each) => each !== null);
  return { ...own, inherited: parsed };
}

/** Ignores white space and case. 64 bits are enough to distinguish millions of notes. */
function trainingHash(text: string, salt: string): string {
  const normal = text.replace(/\s+/gu, ' ').trim().toLowerCase();
  return hashText(`${salt}\n${normal}`).slice(0, 16);
}
