/** The protocol `frozen`: classifiers over each model's embeddings, which stay as they are. */
import { embeddedClassifiers } from './classification/embedded.js';
import { runClassifier, settingsOf } from './classification/runs.js';
import { classificationOf } from './classification/setup.js';
import type { EvaluationProtocol, ModelRuns } from './protocol.js';

export const frozen: EvaluationProtocol = async (setup) => {
  const { shots, seeds, threads, signal, pauseGate, note } = setup;
  const { material, untrained, embed, belongTogether, once, now, residentBytes } =
    classificationOf(setup);
  const { train, validation, test } = material;
  const found: ModelRuns[] = [];
  for (const candidate of [...setup.candidates, untrained]) {
    const texts = [train, validation, test].flatMap((part) => part.texts);
    const { vectors, dimension } = await embed(candidate, texts);
    const counts = [train, validation, test].map((part) => part.texts.length * dimension);
    const [first = 0, second = 0] = counts;
    const classifiers = embeddedClassifiers({
      material,
      embeddings: {
        dimension,
        train: vectors.subarray(0, first),
        validation: vectors.subarray(first, first + second),
        test: vectors.subarray(first + second),
      },
      threads,
      belongTogether,
      signal,
      now,
      residentBytes,
    });
    const total = classifiers.flatMap((each) => settingsOf(each, { shots, seeds })).length;
    let done = 0;
    const report = (): void =>
      setup.onProgress({ phase: `Classifying with ${candidate.name}`, done, total, unit: 'runs' });
    report();
    for (const classifier of classifiers) {
      const runs = await runClassifier(classifier, `frozen ${candidate.folder}`, {
        ...{ material, shots, seeds, signal, pauseGate, once, note },
        onRun: () => {
          done++;
          report();
        },
      });
      const isMain = classifier.name === 'logistic-regression';
      found.push({ model: candidate.folder, isMain, runs });
    }
  }
  return { rows: [], verdict: [], maskedTokens: null, runs: found };
};
