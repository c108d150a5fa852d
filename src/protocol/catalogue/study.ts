/** What a study runs: recipes of pre-training, presets, and the claims that it looks into. */
import type { LossName } from './losses.js';
import type { ObjectiveName } from './objectives.js';
import type { Shots } from './evaluation.js';

export interface StudyRecipe {
  readonly label: string;
  readonly objective: ObjectiveName;
  /** Overrides of the training configuration, whatever the preset. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What a claim is about. */
  readonly family: 'words' | 'contrast' | 'category';
  /** Losses that are weighed, for estimates of time. */
  readonly losses: readonly LossName[];
}

/** In the order of tables. */
export const studyRecipes = {
  mlm: {
    label: 'Masked tokens',
    objective: 'mlm',
    config: {},
    family: 'words',
    losses: ['mlm'],
  },
  declutr: {
    label: 'DeCLUTR',
    objective: 'declutr',
    config: {},
    family: 'contrast',
    losses: ['ntXent', 'mlm'],
  },
  contrastive: {
    label: 'Contrast alone',
    objective: 'declutr',
    config: { lossWeights: { ntXent: 1, mlm: 0 } },
    family: 'contrast',
    losses: ['ntXent'],
  },
  'category-cross-entropy': {
    label: 'Note category, cross-entropy',
    objective: 'note-category',
    config: { categoryLoss: 'cross-entropy' },
    family: 'category',
    losses: ['mlm', 'category'],
  },
  'category-sup-con': {
    label: 'Note category, supervised contrast',
    objective: 'note-category',
    config: { categoryLoss: 'sup-con' },
    family: 'category',
    losses: ['mlm', 'category'],
  },
  'mlm-then-declutr': {
    label: 'Masked tokens, then DeCLUTR',
    objective: 'mlm-then-declutr',
    config: {},
    family: 'contrast',
    losses: ['ntXent', 'mlm'],
  },
} as const satisfies Readonly<Record<string, StudyRecipe>>;

export type StudyRecipeName = keyof typeof studyRecipes;
export const studyRecipeNames = Object.keys(studyRecipes) as StudyRecipeName[];
export const studyRecipeEntries: Readonly<Record<StudyRecipeName, StudyRecipe>> = studyRecipes;

export interface StudyPreset {
  readonly label: string;
  readonly sentence: string;
  /** Passes over the training notes of every recipe. */
  readonly epochs: number;
  /** Unless the user names one; `null`: none. */
  readonly budgetSeconds: number | null;
  /** Labels per class, frozen and fine-tuned. */
  readonly shots: readonly Shots[];
  readonly fineTuningShots: readonly Shots[];
  /** Samples of few labels; fine-tuning takes three. */
  readonly frozenSeeds: number;
  /** Overrides of the training configuration: for every recipe, and by recipe. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly configs: Readonly<Partial<Record<StudyRecipeName, Readonly<Record<string, unknown>>>>>;
}

const hour = 3600;
/** Spans of 8 to 256 tokens. */
const declutrOfPaper = {
  shortestSpan: 8,
  maxLength: 258,
  learningRate: 5e-5,
  weightDecay: 0.1,
  adamEpsilon: 1e-6,
  temperature: 0.05,
};
const categoryOfPaper = { learningRate: 2e-5, lossWeights: { mlm: 1, category: 0.1 }, epochs: 2 };

export const studyPresets = {
  quick: {
    label: 'Quick',
    sentence: 'A first look in half an hour: one pass over the notes, few labels and all.',
    epochs: 1,
    budgetSeconds: hour / 2,
    shots: [16, 'all'],
    fineTuningShots: [16, 'all'],
    frozenSeeds: 5,
    config: {},
    configs: {},
  },
  overnight: {
    label: 'Overnight',
    sentence: 'Three passes over the notes and every number of labels, in ten hours.',
    epochs: 3,
    budgetSeconds: 10 * hour,
    shots: [8, 16, 32, 64, 128, 'all'],
    fineTuningShots: [16, 64, 'all'],
    frozenSeeds: 20,
    config: {},
    configs: {},
  },
  paper: {
    label: 'Paper',
    sentence:
      'The published recipe: learning rates, batches, spans, passes and every number of labels, however long it takes.',
    epochs: 3,
    budgetSeconds: null,
    shots: [8, 16, 32, 64, 128, 'all'],
    fineTuningShots: [8, 16, 32, 64, 128, 'all'],
    frozenSeeds: 20,
    config: {},
    configs: {
      mlm: { learningRate: 2e-5, weightDecay: 0.01, warmupSteps: 200, batchSequences: 12 },
      declutr: { ...declutrOfPaper, batchDocuments: 6 },
      contrastive: { ...declutrOfPaper, batchDocuments: 6 },
      'category-cross-entropy': categoryOfPaper,
      // Supervised contrast compares the notes of a batch, so a batch needs several of a category.
      'category-sup-con': { ...categoryOfPaper, categoryTemperature: 0.1 },
      'mlm-then-declutr': { ...declutrOfPaper, batchDocuments: 6, firstStageLearningRate: 2e-5 },
    },
  },
} as const satisfies Readonly<Record<string, StudyPreset>>;

export type StudyPresetName = keyof typeof studyPresets;
export const studyPresetNames = Object.keys(studyPresets) as StudyPresetName[];
export const studyPresetEntries: Readonly<Record<StudyPresetName, StudyPreset>> = studyPresets;
export const defaultStudyPreset: StudyPresetName = 'overnight';

/** Samples and starts of fine-tuning. */
export const studyFineTuningSeeds = 3;

/** What the paper found (Taylor et al., "Developing Healthcare Language Model Embedding Spaces", 2024). */
export const studyClaims = {
  adaptedBeatsBase: 'Every adapted model beats its base.',
  contrastiveBestFrozen: 'Contrastive training is best when the model stays frozen.',
  categoryClearestClusters:
    'Note-category training gives the clearest clusters, without better classification.',
  fewParametersSuffice: 'Little is lost when few parameters are trained.',
} as const;

export type StudyClaimName = keyof typeof studyClaims;
export const studyClaimNames = Object.keys(studyClaims) as StudyClaimName[];

export interface StudyFinding {
  readonly claim: string;
  /** `null`: it cannot be told from what was measured. */
  readonly holds: boolean | null;
  /** With differences and intervals: one sentence each. */
  readonly evidence: readonly string[];
}

/** A model that was compared. */
export interface StudyModel {
  /** Absolute path of its folder. */
  readonly model: string;
  readonly name: string;
  /** The group's base, for an adapted model; `null`: it is a base, or evaluated as it is. */
  readonly base: string | null;
  readonly recipe: StudyRecipeName | null;
  /** Share of the trained model in its merge with the base; `null`: nothing was merged. */
  readonly ratio: number | null;
}
