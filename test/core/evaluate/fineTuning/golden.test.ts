/** Against PyTorch in float64; see test/golden/fineTuning. */
import { describe, expect, it } from 'vitest';
import { cpu } from '../../../../src/core/backend/cpu/cpu.js';
import type { PreparedTraining } from '../../../../src/core/backend/backend.js';
import { parameterSpecs } from '../../../../src/core/encoder/declarations.js';
import type { ParameterSpec } from '../../../../src/core/encoder/parameters.js';
import { teachingOf } from '../../../../src/core/evaluate/fineTuning/head.js';
import { layOutTraining } from '../../../../src/core/evaluate/fineTuning/layOutTraining.js';
import type { LaidOutTraining } from '../../../../src/core/evaluate/fineTuning/layOutTraining.js';
import { classify, layOutToPredict } from '../../../../src/core/evaluate/fineTuning/predict.js';
import { fineTuningDefaults } from '../../../../src/core/evaluate/fineTuning/settings.js';
import type { LabelsPerDocument } from '../../../../src/core/evaluate/metrics/testSet.js';
import file from '../../../golden/fineTuning/fineTuning.json' with { type: 'json' };
import { gradientsOfFirstStep } from '../../backend/firstGradients.js';
import { bert, formula } from '../../objectives/golden.js';
import { expectSameGradients, expectSameSteps, unpackAll } from '../../objectives/parityChecks.js';
import { toyTokenizer } from '../../train/toyCorpus.js';

type Case = (typeof file.cases)[number];

const config = { ...bert.config, maxPositionEmbeddings: 12 };
const sequences = file.sequences.map((ids) => Int32Array.from(ids));
const { classes } = file;
const shape = {
  config,
  tokenizer: toyTokenizer,
  poolings: ['mean'],
  lora: null,
  classes,
  maxLength: 12,
} as const;

const byName = (a: ParameterSpec, b: ParameterSpec): number => (a.name < b.name ? -1 : 1);

function layOut(one: Case): LaidOutTraining {
  const { learningRate, weightDecay, beta1, beta2, epsilon } = bert.golden.adamW;
  const labels = one.labels as LabelsPerDocument;
  const actual = labels === 'one' ? Int32Array.from(one.actual) : Uint8Array.from(one.actual);
  const { loss } = teachingOf(labels, actual, classes, 'equal', config.hiddenSize);
  const specs = [
    ...parameterSpecs(config, { mlmHead: false }).sort(byName),
    ...[...loss.parameters].sort(byName),
  ];
  const texts = sequences.map(() => '');
  return layOutTraining(
    {
      model: { config, parameters: new Map(specs.map((spec, i) => [spec.name, formula(spec, i)])) },
      tokenizer: toyTokenizer,
      labels,
      classes,
      train: { texts, actual },
      validation: { texts, actual },
      test: [],
      seed: 3,
      backend: cpu,
      threads: 1,
      now: () => 0,
    },
    {
      ...fineTuningDefaults,
      learningRate,
      weightDecay,
      adamBeta1: beta1,
      adamBeta2: beta2,
      adamEpsilon: epsilon,
      maxGradNorm: 1e6,
      headLearningRate: one.headLearningRate,
      classWeights: one.classWeights as 'equal' | 'balanced',
    },
    { ...shape, labels },
    sequences,
  );
}

async function withTraining<T>(
  laidOut: LaidOutTraining,
  use: (prepared: PreparedTraining) => Promise<T>,
): Promise<T> {
  const prepared = await laidOut.prepare();
  try {
    return await use(prepared);
  } finally {
    await prepared.release();
  }
}

const { adamW } = bert.golden;

describe.each(file.cases)('fine-tuning against PyTorch: $name', (one) => {
  const laidOut = layOut(one);

  it('agrees in losses, every gradient and three AdamW steps', async () => {
    // All notes in one step, several in a row.
    expect(laidOut.sampler.stepsPerEpoch).toBe(1);
    expect(laidOut.sampler.shapes.some(({ sequencesPerRow }) => sequencesPerRow > 1)).toBe(true);
    await withTraining(laidOut, async (prepared) => {
      for (let step = 0; step < 3; step++) {
        const sampled = laidOut.sampler.step(step);
        const work = { step, sampled, learningRate: adamW.learningRate };
        const [outcome] = await prepared.run([work], {});
        expect(Math.abs(outcome!.loss - one.losses[step]!)).toBeLessThan(1e-5);
        if (step > 0) continue;
        const gradients = await gradientsOfFirstStep(prepared, laidOut.trained, adamW.beta1);
        const references = unpackAll(one.gradients);
        expect([...gradients.keys()].sort()).toEqual([...references.keys()].sort());
        expectSameGradients(gradients, references);
      }
      const held = await prepared.readParameters();
      expectSameSteps(
        new Map(laidOut.trained.map(({ name }) => [name, held.get(name)!])),
        unpackAll(one.afterThreeSteps),
        adamW.learningRate,
      );
    });
  });

  it('agrees in probabilities', async () => {
    const laid = layOutToPredict(sequences, shape);
    await withTraining(laidOut, async (prepared) => {
      const embedding = await prepared.embed({ shapes: laid.shapes });
      const model = {
        ...shape,
        labels: one.labels as LabelsPerDocument,
        parameters: laidOut.parameters,
      };
      const probabilities = await classify(embedding, laid, model, {});
      await embedding.release();
      const worst = one.probabilities.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - probabilities[i]!)),
        0,
      );
      expect(probabilities).toHaveLength(one.probabilities.length);
      expect(worst).toBeLessThan(1e-6);
    });
  });
});
