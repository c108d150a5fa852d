/** The steps of fine-tuning, with scores of the validation documents between them. */
import { failure } from '../../base/errors.js';
import { isUsable } from '../../backend/backend.js';
import type { PreparedTraining, SequenceEmbedding } from '../../backend/backend.js';
import type { Control } from '../../backend/control.js';
import { elementsOf } from '../../backend/state.js';
import type { SequenceParts } from '../../objectives/sampling/documentSampler.js';
import type { Sampler } from '../../objectives/sampling/sampler.js';
import { learningRateAt } from '../../train/schedule.js';
import { createBestWeights } from './bestWeights.js';
import type { BestWeights } from './bestWeights.js';
import { crossEntropy } from './crossEntropy.js';
import type { FineTuned, FineTuneOptions } from './options.js';
import { layOutTraining } from './layOutTraining.js';
import type { LaidOutTraining } from './layOutTraining.js';
import { macroF1Of } from './macroF1.js';
import { classify, layOutToPredict } from './predict.js';
import type { FineTunedModel, ModelShape } from './predict.js';
import type { FineTuningSettings } from './settings.js';

export type Trained = Pick<
  FineTuned,
  | 'curve'
  | 'best'
  | 'steps'
  | 'epochs'
  | 'stoppedEarly'
  | 'trainableParameters'
  | 'seconds'
  | 'peakMemoryBytes'
> &
  Pick<FineTunedModel, 'parameters'>;

/** Token ids of the documents, special tokens included. */
export interface TrainingSequences {
  readonly train: readonly Int32Array[];
  readonly validation: readonly Int32Array[];
}

/** Fewest steps between two scores, where settings do not say: with few labels an epoch is a step. */
const fewestSteps = 10;

export async function trainClassifier(
  options: FineTuneOptions,
  settings: FineTuningSettings,
  model: ModelShape,
  { train, validation }: TrainingSequences,
): Promise<Trained> {
  const { now, signal, pauseGate, labels, classes } = options;
  const score = options.score ?? macroF1Of(labels, options.validation.actual, classes);
  const began = now();
  const laidOut = layOutTraining(options, settings, model, train);
  const toScore = layOutToPredict(validation, model);
  const prepared = await laidOut.prepare();
  try {
    const embedding = await prepared.embed({ shapes: toScore.shapes });
    try {
      const control = { signal, pauseGate };
      const work = { options, settings, model, laidOut, prepared, embedding, toScore, control };
      const { best, steps, peakMemoryBytes } = await runSteps({ ...work, score });
      const { stepsPerEpoch } = laidOut.sampler;
      if (best.best === null) throw new Error('nothing was scored');
      return {
        parameters: new Map([...laidOut.parameters, ...best.weights()]),
        curve: best.curve,
        best: best.best,
        steps,
        epochs: steps / stepsPerEpoch,
        stoppedEarly: steps < laidOut.steps,
        trainableParameters: laidOut.trained.reduce((sum, spec) => sum + elementsOf(spec), 0),
        seconds: (now() - began) / 1000,
        peakMemoryBytes,
      };
    } finally {
      await embedding.release();
    }
  } finally {
    await prepared.release();
  }
}

interface TrainingWork {
  readonly options: FineTuneOptions;
  readonly settings: FineTuningSettings;
  readonly model: ModelShape;
  readonly laidOut: LaidOutTraining;
  readonly prepared: PreparedTraining;
  readonly embedding: SequenceEmbedding;
  readonly toScore: SequenceParts;
  /** Of the validation probabilities. */
  readonly score: (probabilities: Float64Array) => number;
  readonly control: Control;
}

async function runSteps(work: TrainingWork): Promise<{
  readonly best: BestWeights;
  readonly steps: number;
  readonly peakMemoryBytes: number | null;
}> {
  const { options, settings, laidOut } = work;
  const { residentBytes, onProgress } = options;
  const { earlyStoppingPatience: patience } = settings;
  const best = createBestWeights();
  const between = stepsBetween(settings, laidOut.sampler);
  let peakMemoryBytes = residentBytes?.() ?? null;
  let step = 0;
  while (step < laidOut.steps && (patience === null || best.age < patience)) {
    await trainStep(work, step);
    step++;
    onProgress?.({ phase: 'Fine-tuning', done: step, total: laidOut.steps, unit: 'steps' });
    if (step % between === 0 || step === laidOut.steps) await scoreValidation(work, step, best);
    if (residentBytes !== undefined) {
      peakMemoryBytes = Math.max(peakMemoryBytes ?? 0, residentBytes());
    }
  }
  return { best, steps: step, peakMemoryBytes };
}

function stepsBetween({ evalSteps }: FineTuningSettings, { stepsPerEpoch }: Sampler): number {
  return evalSteps ?? Math.ceil(fewestSteps / stepsPerEpoch) * stepsPerEpoch;
}

async function trainStep(
  { settings, laidOut, prepared, control }: TrainingWork,
  step: number,
): Promise<void> {
  const learningRate = learningRateAt(settings, step + 1, laidOut.steps);
  const sampled = laidOut.sampler.step(step);
  const [outcome] = await prepared.run([{ step, sampled, learningRate }], control);
  if (outcome === undefined || !isUsable(outcome)) {
    throw failure(
      `The loss of fine-tuning step ${step + 1} is not a number: lower the learning rate, or choose another model.`,
    );
  }
}

async function scoreValidation(
  { options, model, laidOut, prepared, embedding, toScore, score, control }: TrainingWork,
  step: number,
  best: BestWeights,
): Promise<void> {
  const { validation, labels, onProgress } = options;
  const parameters = await prepared.readParameters();
  const probabilities = await classify(
    embedding,
    toScore,
    { ...model, parameters },
    {
      ...control,
      onProgress: (done, total) =>
        onProgress?.({ phase: 'Scoring validation notes', done, total, unit: 'notes' }),
    },
  );
  best.note(
    {
      step,
      epochs: step / laidOut.sampler.stepsPerEpoch,
      score: score(probabilities),
      loss: crossEntropy(labels, validation.actual, probabilities),
    },
    new Map(laidOut.trained.map(({ name }) => [name, parameters.get(name)!])),
  );
}
