/**
 * What a model was trained on, without saying it: salted hashes of its training documents. They tell
 * that a given text was seen, so that an evaluation does not praise a model for what it knows by heart.
 */
import { hashText } from '../base/hash.js';

export interface TrainingHashes {
  /** Random text, new with every training run: equal notes of two models have different hashes. */
  readonly salt: string;
  readonly hashes: readonly string[];
  /** Of the models that this one was trained on from, each with its own salt; absent where none says. */
  readonly inherited?: readonly TrainingHashes[];
}

/** @param base of the model that training started from */
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

/** Which of `texts` the model, or one that it comes from, was trained on, by position. */
export function overlap(training: TrainingHashes, texts: readonly string[]): number[] {
  const all = [training, ...(training.inherited ?? [])].map(({ salt, hashes }) => ({
    salt,
    known: new Set(hashes),
  }));
  return texts.flatMap((text, i) =>
    all.some(({ salt, known }) => known.has(trainingHash(text, salt))) ? [i] : [],
  );
}

/** The hashes as JSON holds them; `null` when they are none. */
export function parseTrainingHashes(json: unknown): TrainingHashes | null {
  if (typeof json !== 'object' || json === null) return null;
  const { salt, hashes, inherited } = json as Record<string, unknown>;
  if (typeof salt !== 'string' || !Array.isArray(hashes)) return null;
  const own = { salt, hashes: hashes.filter((hash): hash is string => typeof hash === 'string') };
  if (!Array.isArray(inherited)) return own;
  const parsed = inherited.map(parseTrainingHashes).filter((each) => each !== null);
  return { ...own, inherited: parsed };
}

/** White space and case do not make another note. 64 bits suffice to tell millions apart. */
function trainingHash(text: string, salt: string): string {
  const normal = text.replace(/\s+/gu, ' ').trim().toLowerCase();
  return hashText(`${salt}\n${normal}`).slice(0, 16);
}
