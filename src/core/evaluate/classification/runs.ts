/** Trains and tests classifiers in every setting: numbers of labels, and seeds. */
import type { Shots } from '../../../protocol/catalogue/evaluation.js';
import { throwIfAborted } from '../../base/errors.js';
import { sampleShots, shortageSentence } from '../samples/fewShot.js';
import type { Classified, Classifier, ClassifierName } from './classifier.js';
import { chosen } from './material.js';
import type { Material } from './material.js';

export interface Run extends Classified {
  readonly classifier: ClassifierName;
  readonly shots: Shots;
  readonly seed: number;
  /** Number of notes that it learned from. */
  readonly documents: number;
}

export interface RunOptions {
  readonly material: Material;
  readonly shots: readonly Shots[];
  readonly seeds: readonly number[];
  readonly signal: AbortSignal;
  readonly pauseGate: () => Promise<void>;
  /** What an earlier, interrupted evaluation computed under the same key, or what `compute` gives. */
  readonly once: (key: string, compute: () => Promise<Classified>) => Promise<Classified>;
  /** Called when a run is done. */
  readonly onRun: () => void;
  readonly note: (sentence: string) => void;
}

/** The settings in which a classifier is run. */
export function settingsOf(
  { seedsWithAll, onlyWithAll }: Pick<Classifier, 'seedsWithAll' | 'onlyWithAll'>,
  { shots, seeds }: Pick<RunOptions, 'shots' | 'seeds'>,
): { readonly shots: Shots; readonly seed: number }[] {
  return shots
    .filter((count) => count === 'all' || !onlyWithAll)
    .flatMap((count) => {
      const drawn = count === 'all' ? seeds.slice(0, seedsWithAll) : seeds;
      return drawn.map((seed) => ({ shots: count, seed }));
    });
}

/** @param key of the model and the protocol, part of the keys of its runs */
export async function runClassifier(
  classifier: Classifier,
  key: string,
  options: RunOptions,
): Promise<Run[]> {
  const { material, signal, pauseGate, once, onRun, note } = options;
  const runs: Run[] = [];
  for (const { shots, seed } of settingsOf(classifier, options)) {
    throwIfAborted(signal);
    await pauseGate();
    const { positions, short } = sampleShots(material.train, material.target, shots, seed);
    const sentence = shortageSentence(shots, short);
    if (sentence !== null) note(sentence);
    const lesson = { shots, seed, positions, train: chosen(material, positions) };
    const done = await once([key, classifier.name, shots, seed].join(' '), () =>
      classifier.classify(lesson),
    );
    runs.push({ ...done, classifier: classifier.name, shots, seed, documents: positions.length });
    onRun();
  }
  return runs;
}
