/** The protocol `fine-tuning`: each model learns together with a classifier on top of it. */
import { fineTunedClassifier } from './classification/fineTuned.js';
import { runClassifier, settingsOf } from './classification/runs.js';
import { classificationOf } from './classification/setup.js';
import type { EvaluationProtocol, ModelRuns } from './protocol.js';

export const fineTuned: EvaluationProtocol = async (setup) => {
  const { shots, seeds, backend, threads, signal, pauseGate, note } = setup;
  const given = classificationOf(setup);
  const { material, once, now, residentBytes, availableMemoryBytes } = given;
  const found: ModelRuns[] = [];
  for (const candidate of setup.candidates) {
    const { folder, name } = candidate;
    const classifier = fineTunedClassifier({
      ...{ material, backend, threads, signal, pauseGate, now, residentBytes, note },
      model: await candidate.load(),
      settings: given.fineTuning,
      availableMemoryBytes: availableMemoryBytes ?? undefined,
      onProgress: (progress) =>
        setup.onProgress({ ...progress, phase: `${progress.phase}, ${name}${place()}` }),
    });
    const total = settingsOf(classifier, { shots, seeds }).length;
    let done = 0;
    const place = (): string =>
      total > 1 ? ` (run ${Math.min(done + 1, total)} of ${total})` : '';
    const runs = await runClassifier(classifier, `fine-tuning ${folder}`, {
      ...{ material, shots, seeds, signal, pauseGate, once, note },
      onRun: () => done++,
    });
    found.push({ model: folder, isMain: true, runs });
  }
  return { rows: [], verdict: [], maskedTokens: null, runs: found };
};
