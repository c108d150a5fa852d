/**
 * How long the parts of a study take, from the sizes of models and notes and the speed of this machine's
 * matrix products. Rough: a plan needs the right order of magnitude, and says "about".
 */
import type { Shots } from '../../protocol/catalogue/evaluation.js';
import type { StudyRecipe } from '../../protocol/catalogue/study.js';

/** What a model costs per token. */
export interface ModelSize {
  readonly layers: number;
  readonly hiddenSize: number;
  readonly intermediateSize: number;
  readonly vocabularySize: number;
  /** Longest sequence. */
  readonly window: number;
  /** Mean over the notes, by the model's own tokenizer. */
  readonly tokensPerNote: number;
}

/** Notes by what is done with them. */
export interface NoteCounts {
  readonly train: number;
  readonly heldOut: number;
}

/** Settings of a batch, as in the training configuration. */
export interface BatchSettings {
  readonly batchTokens: number;
  readonly batchSequences: number | null;
  readonly batchDocuments: number;
  readonly anchorsPerDocument: number;
  readonly positivesPerAnchor: number;
  readonly maxLength: number | null;
  readonly mlmProbability: number;
}

/** Typical speeds as shares of large matrix products (docs/performance.md). */
const trainingShare = 0.6;
const contrastShare = 0.4;
const embeddingShare = 0.45;
/** Of a job: process, libraries, reading notes and models, writing. */
export const startSeconds = 4;

export interface Estimator {
  /** Of a pass over the training notes, at least 1. */
  readonly stepsPerEpoch: (recipe: StudyRecipe, settings: BatchSettings) => number;
  /** Of a training run with its merges. */
  readonly training: (recipe: StudyRecipe, settings: BatchSettings, steps: number) => number;
  /** Of embedding all notes. */
  readonly embedding: () => number;
  /** Of all seeds with so many labels per class. */
  readonly fineTuning: (shots: Shots, classes: number, seeds: number) => number;
}

/** @param gigaflops of large matrix products, on the threads that will be used */
export function createEstimator(model: ModelSize, notes: NoteCounts, gigaflops: number): Estimator {
  const { layers, hiddenSize, intermediateSize, vocabularySize, tokensPerNote, window } = model;
  const sequence = Math.min(window, tokensPerNote);
  const perToken =
    layers * (8 * hiddenSize ** 2 + 4 * hiddenSize * intermediateSize + 4 * sequence * hiddenSize);
  const perPrediction = 2 * hiddenSize * (vocabularySize + hiddenSize);
  const seconds = (operations: number, share: number): number =>
    operations / (share * gigaflops * 1e9);
  const all = notes.train + notes.heldOut;

  /** Tokens of the spans of a note: anchors and positives of half the longest length. */
  const spanTokens = ({ anchorsPerDocument, positivesPerAnchor, maxLength }: BatchSettings) => {
    const longest = Math.min(512, maxLength ?? window, tokensPerNote / (2 * anchorsPerDocument));
    return anchorsPerDocument * (1 + positivesPerAnchor) * Math.max(8, 0.6 * longest);
  };
  const tokensOfStep = (recipe: StudyRecipe, settings: BatchSettings): number => {
    const { batchTokens, batchSequences, batchDocuments, maxLength } = settings;
    if (recipe.family === 'contrast') return batchDocuments * spanTokens(settings);
    if (batchSequences === null) return Math.min(batchTokens, notes.train * tokensPerNote);
    return batchSequences * Math.min(maxLength ?? window, tokensPerNote);
  };
  return {
    stepsPerEpoch(recipe, settings) {
      const steps =
        recipe.family === 'contrast'
          ? notes.train / settings.batchDocuments
          : (notes.train * tokensPerNote) / tokensOfStep(recipe, settings);
      return Math.max(1, Math.ceil(steps));
    },
    training(recipe, settings, steps) {
      const tokens = tokensOfStep(recipe, settings);
      const predicted = recipe.losses.includes('mlm') ? settings.mlmProbability * tokens : 0;
      // Comparing losses read everything twice.
      const passes = recipe.family === 'contrast' ? 4 : 3;
      const share = recipe.family === 'contrast' ? contrastShare : trainingShare;
      const step = seconds(passes * tokens * perToken + 3 * predicted * perPrediction, share);
      // Four merges are measured on held-out notes.
      const measured = Math.min(500, notes.heldOut) * tokensPerNote * perToken;
      return startSeconds + steps * step + seconds(6 * measured, embeddingShare);
    },
    embedding: () => seconds(all * tokensPerNote * perToken, embeddingShare),
    fineTuning(shots, classes, seeds) {
      const documents = shots === 'all' ? notes.train : Math.min(notes.train, shots * classes);
      // Training ends early: after about 12 of 30 passes, or 20 where a pass is a few steps.
      const passes = documents > 500 ? 12 : 20;
      const scores = Math.max(6, Math.min(passes, (passes * documents) / 320));
      const tokens = (3 * passes * documents + scores * 0.35 * notes.heldOut) * sequence;
      return seeds * (1 + seconds(tokens * perToken, trainingShare));
    },
  };
}

/** Of logistic regression and intervals: for so many models, on texts of one kind. */
export function classifyingSeconds(
  models: number,
  { shots, seeds }: { readonly shots: readonly Shots[]; readonly seeds: number },
  { train, heldOut }: NoteCounts,
): number {
  const few = shots.filter((count) => count !== 'all').length;
  const fits = few * seeds * 0.05 + (shots.length - few) * (0.5 + train / 300);
  // 10,000 resamples of each setting.
  return (models + 3) * (fits + shots.length * (0.2 + heldOut / 1500));
}

/** Of measuring one space, without embedding. */
export function spaceSeconds(notes: number): number {
  return 2 + notes / 60 + (notes / 1000) ** 2;
}
