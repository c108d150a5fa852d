/**
 * What a model was trained on, without saying it: salted hashes of its training documents. They tell
 * that a given text was seen, so that an evaluation does not praise a model for what it knows by heart.
 */
import { hashText } from '../base/hash.js';

export interface TrainingHashes {
  /** Random text, new with every training run: equal notes of two models have different hashes. */
  readonly salt: string;
  readonly hashes: readonly string[];
}

export function createTrainingHashes(texts: Iterable<string>, salt: string): TrainingHashes {
  const hashes = new Set<string>();
  for (const text of texts) hashes.add(trainingHash(text, salt));
  return { salt, hashes: [...hashes].sort() };
}

/** Which of `texts` the model was trained on, by position. */
export function overlap(training: TrainingHashes, texts: readonly string[]): number[] {
  const known = new Set(training.hashes);
  return texts.flatMap((text, i) => (known.has(trainingHash(text, training.salt)) ? [i] : []));
}

/** The hashes as JSON holds them; `null` when they are none. */
export function parseTrainingHashes(json: unknown): TrainingHashes | null {
  if (typeof json !== 'object' || json === null) return null;
  const { salt, hashes } = json as Record<string, unknown>;
  if (typeof salt !== 'string' || !Array.isArray(hashes)) return null;
  return { salt, hashes: hashes.filter((hash): hash is string => typeof hash === 'string') };
}

/** White space and case do not make another note. 64 bits suffice to tell millions apart. */
function trainingHash(text: string, salt: string): string {
  const normal = text.replace(/\s+/gu, ' ').trim().toLowerCase();
  return hashText(`${salt}\n${normal}`).slice(0, 16);
}
