/**
 * Training notes for few-shot evaluation. A sample depends only on the notes, the number of labels and the seed, so that
 * every model learns from the same one; the sample of 16 holds that of 8, so that a learning curve shows what further labels add.
 */
import type { Shots } from '../../../protocol/catalogue/evaluation.js';
import { createRandom } from '../../base/random.js';
import type { LabelledDocuments, Target } from './target.js';

export interface Shortage {
  /** Name of the class. */
  readonly name: string;
  /** Labels that it has, fewer than asked for. */
  readonly has: number;
}

export interface FewShotSample {
  /** Positions of the chosen training documents, ascending. */
  readonly positions: readonly number[];
  /** Classes that have fewer labels than asked for, and gave what they have. */
  readonly short: readonly Shortage[];
}

/**
 * Draws as many documents of each class. Of several labels each class is drawn by itself: a document that was drawn for
 * one has its other labels as well, so frequent classes have more.
 *
 * @param train in any order: documents are drawn by their ids
 */
export function sampleShots(
  train: LabelledDocuments,
  target: Target,
  shots: Shots,
  seed: number,
): FewShotSample {
  if (shots === 'all') return { positions: train.documents.map((_, i) => i), short: [] };
  const byName = train.documents
    .map(({ id }, position) => ({ id, position }))
    .sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const ofClass = target.classes.map((): number[] => []);
  for (const { position } of byName) {
    for (const k of train.classes[position] ?? []) ofClass[k]?.push(position);
  }
  const chosen = new Set<number>();
  const short: Shortage[] = [];
  target.classes.forEach((name, k) => {
    const members = createRandom(seed, 'fewShot', name).shuffle(ofClass[k] ?? []);
    for (const position of members.slice(0, shots)) chosen.add(position);
    if (members.length < shots) short.push({ name, has: members.length });
  });
  return { positions: [...chosen].sort((a, b) => a - b), short };
}

/** One sentence about classes with fewer labels than asked for; `null` if there are none. */
export function shortageSentence(shots: Shots, short: readonly Shortage[]): string | null {
  if (short.length === 0) return null;
  const shown = short.slice(0, 5).map(({ name, has }) => `${name} (${has})`);
  const more = short.length > 5 ? ` and ${short.length - 5} more` : '';
  return `With ${shots} labels per class, ${shown.join(', ')}${more} ${short.length === 1 ? 'has' : 'have'} fewer and gave what there is.`;
}
