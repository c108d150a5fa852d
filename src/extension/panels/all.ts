/** All panels and webview views. */
import type { Services } from '../services.js';
import { createAnalysis } from './analysis.js';
import { createCorpusPreview } from './corpusPreview.js';
import { createClusters } from './clusters.js';
import { createComparison } from './comparison.js';
import { createEvaluation } from './evaluation.js';
import { createSimilarNotes } from './similarNotes.js';
import { createTraining } from './training.js';

export type Panels = ReturnType<typeof createPanels>;

export function createPanels(services: Services) {
  return {
    similarNotes: createSimilarNotes(services),
    clusters: createClusters(services),
    training: createTraining(services),
    comparison: createComparison(services),
    evaluation: createEvaluation(services),
    analysis: createAnalysis(services),
    corpusPreview: createCorpusPreview(services),
  };
}
