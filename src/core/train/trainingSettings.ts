/** Settings that every run has; the source of their rules, JSON Schema and error messages. */
import type { Settings } from '../../protocol/catalogue/setting.js';

export const trainingSettings = {
  learningRate: {
    kind: 'number',
    initial: 1e-4,
    from: 1e-9,
    to: 1,
    description: 'Highest learning rate of AdamW.',
  },
  weightDecay: {
    kind: 'number',
    initial: 0.01,
    from: 0,
    to: 1,
    description: 'Not applied to biases and LayerNorm.',
  },
  adamBeta1: {
    kind: 'number',
    initial: 0.9,
    from: 0,
    to: 0.9999,
    description: 'Decay of the mean of gradients.',
  },
  adamBeta2: {
    kind: 'number',
    initial: 0.999,
    from: 0,
    to: 0.999999,
    description: 'Decay of the mean of squared gradients.',
  },
  adamEpsilon: {
    kind: 'number',
    initial: 1e-8,
    from: 1e-12,
    to: 1,
    description: 'Keeps the division by small gradients in bounds.',
  },
  maxGradNorm: {
    kind: 'number',
    initial: 1,
    from: 1e-6,
    to: 1e6,
    description: 'Gradients are clipped to this global norm.',
  },
  learningRateSchedule: {
    kind: 'choice',
    initial: 'linear',
    choices: ['linear', 'cosine', 'constant'],
    description: 'How the learning rate falls after the warm-up.',
  },
  warmupSteps: {
    kind: 'count',
    initial: null,
    orNull: true,
    from: 0,
    description: 'Steps over which the learning rate rises; null: warmupRatio of all steps.',
  },
  warmupRatio: {
    kind: 'number',
    initial: 0.06,
    from: 0,
    to: 1,
    description: 'Share of the steps over which the learning rate rises.',
  },
  epochs: {
    kind: 'number',
    initial: 3,
    from: 0.001,
    to: 1e6,
    description: 'Passes over the training documents.',
  },
  maxSteps: {
    kind: 'count',
    initial: null,
    orNull: true,
    from: 1,
    description: 'Steps of the run; null: as many as the epochs or maxSeconds take.',
  },
  maxSeconds: {
    kind: 'count',
    initial: null,
    orNull: true,
    from: 1,
    description:
      'Time for training and measuring, instead of epochs: as many steps are planned as should fit, and when the time is up the run ends with its model. null: no limit.',
  },
  batchTokens: {
    kind: 'count',
    initial: 4096,
    from: 32,
    description: 'Tokens of a batch, padding included.',
  },
  batchSequences: {
    kind: 'count',
    initial: null,
    orNull: true,
    from: 1,
    description: 'Sequences of a batch, instead of batchTokens; null: batchTokens decides.',
  },
  batchDocuments: {
    kind: 'count',
    initial: 32,
    from: 2,
    description: 'Documents of a batch, for objectives that compare documents with each other.',
  },
  gradientAccumulationSteps: {
    kind: 'count',
    initial: 1,
    from: 1,
    description: 'Batches of a step.',
  },
  maxLength: {
    kind: 'count',
    initial: null,
    orNull: true,
    from: 8,
    description:
      'Longest sequence in tokens, special ones included; null: what the model can take.',
  },
  heldOutFraction: {
    kind: 'number',
    initial: 0.1,
    from: 0.001,
    to: 0.9,
    description:
      'Share of the documents that is held out, where the corpus has no split of its own.',
  },
  heldOutTokens: {
    kind: 'count',
    initial: 50_000,
    from: 1,
    description: 'The held-out loss is taken over about this many tokens.',
  },
  evalSteps: {
    kind: 'count',
    initial: null,
    orNull: true,
    from: 1,
    description: 'Steps between held-out losses; null: only before and after.',
  },
  earlyStoppingPatience: {
    kind: 'count',
    initial: null,
    orNull: true,
    from: 1,
    description:
      'Held-out losses without improvement after which the run ends with its best model; needs evalSteps. null: never.',
  },
  earlyStoppingThreshold: {
    kind: 'number',
    initial: 0,
    from: 0,
    to: 100,
    description: 'By how much a held-out loss must fall to be an improvement.',
  },
  saveSteps: { kind: 'count', initial: 100, from: 1, description: 'Steps between checkpoints.' },
  saveTotalLimit: { kind: 'count', initial: 2, from: 1, description: 'Checkpoints that are kept.' },
  freezeEmbeddings: {
    kind: 'flag',
    initial: false,
    description: 'Leaves the tables of embeddings as they are.',
  },
  frozenLayers: {
    kind: 'count',
    initial: 0,
    from: 0,
    description: 'How many of the lowest layers are left as they are.',
  },
  headWarmupSteps: {
    kind: 'count',
    initial: null,
    orNull: true,
    from: 1,
    description:
      "Steps that train a new masked-language-model head alone, where the base model comes without one; null: a quarter of the run's steps, at most 100.",
  },
  mergeHeadSteps: {
    kind: 'count',
    initial: null,
    orNull: true,
    from: 1,
    description:
      "Steps that train the head alone over a model merged with its base; null: a tenth of the run's steps, at most 100.",
  },
  firstStageShare: {
    kind: 'number',
    initial: 0.5,
    from: 0.01,
    to: 0.99,
    description:
      'Share of the steps, or of the epochs, that the first stage of an objective with two stages takes.',
  },
  firstStageLearningRate: {
    kind: 'number',
    initial: null,
    orNull: true,
    from: 1e-9,
    to: 1,
    description: 'Highest learning rate of the first of two stages; null: learningRate.',
  },
} as const satisfies Settings;
