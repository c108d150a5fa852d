/** Runs the baselines and the protocols of an evaluation on the same notes. */
import type { Setting } from '../../../core/evaluate/classification/assess.js';
import { runClassifier } from '../../../core/evaluate/classification/runs.js';
import { wordBaselines } from '../../../core/evaluate/classification/words.js';
import { evaluationProtocols } from '../../../core/evaluate/registry.js';
import type { EvaluationSetup, ModelRuns } from '../../../core/evaluate/protocol.js';
import { protocolEntries } from '../../../protocol/catalogue/evaluation.js';
import type { ProtocolName } from '../../../protocol/catalogue/protocols.js';
import type { ClassificationSpec, EvaluateJob } from '../../../protocol/evaluation.js';
import { untrainedName } from './untrainedModel.js';

/** @param untrained folder of the model with random weights */
export async function runProtocols(
  job: EvaluateJob & { readonly classification: ClassificationSpec },
  setup: EvaluationSetup,
  untrained: string,
): Promise<Setting[]> {
  const protocols: readonly ProtocolName[] = [job.protocol, ...(job.also ? [job.also] : [])];
  const found: Setting[] = [];
  for (const protocol of protocols) {
    const usual = protocolEntries[protocol].target?.seeds ?? 1;
    const given = { ...setup, seeds: seedsOf(job.classification.seeds ?? usual, job.seed) };
    // Baselines have no encoder that another protocol could change.
    if (protocol === protocols[0]) {
      for (const runs of await wordRuns(given)) found.push(...settingsOf(runs, protocol));
    }
    const { runs = [] } = await evaluationProtocols[protocol](given);
    for (const each of runs) {
      const model = each.model === untrained ? untrainedName : each.model;
      found.push(...settingsOf({ ...each, model }, protocol));
    }
  }
  return found;
}

function seedsOf(count: number, first: number): [number, ...number[]] {
  return [first, ...Array.from({ length: count - 1 }, (_, i) => first + i + 1)];
}

/** Runs of one classifier, by the number of labels. */
function settingsOf({ model, isMain, runs }: ModelRuns, protocol: ProtocolName): Setting[] {
  const shots = [...new Set(runs.map((run) => run.shots))];
  return shots.map((count) => {
    const own = runs.filter((run) => run.shots === count);
    return { model, protocol, classifier: own[0]!.classifier, isMain, shots: count, runs: own };
  });
}

async function wordRuns(setup: EvaluationSetup): Promise<ModelRuns[]> {
  const { classification, shots, seeds, signal, pauseGate, note, onProgress } = setup;
  if (classification === null) return [];
  const { material, once, now, residentBytes } = classification;
  const found: ModelRuns[] = [];
  const baselines = wordBaselines(material, { now, residentBytes, signal });
  for (const [done, baseline] of baselines.entries()) {
    onProgress({ phase: 'Measuring baselines', done, total: baselines.length, unit: 'baselines' });
    const runs = await runClassifier(baseline, baseline.model, {
      ...{ material, shots, seeds, signal, pauseGate, once, note },
      onRun: () => undefined,
    });
    found.push({ model: baseline.model, isMain: true, runs });
  }
  return found;
}
