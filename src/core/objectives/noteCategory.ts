/**
 * Note categories: learns a metadata field from the mean-pooled embedding, by a linear classifier
 * or by supervised contrast (Khosla et al., 2020), along with masked language modelling.
 */
import { usageError } from '../base/errors.js';
import { addInput, createGraph } from '../graph/graph.js';
import { categoryAdvice, classWeights, countCategories } from './categories.js';
import { categoryClassifier } from './categoryLoss.js';
import { lossWeightsOf } from './lossWeights.js';
import { maskedTokens } from './maskedTokens.js';
import type { CategoryCount, CreateObjective, ObjectiveSettings } from './objective.js';
import { categorySampler } from './sampling/categorySampler.js';
import type { Targets } from './sampling/sampler.js';
import { windowSampler } from './sampling/windowSampler.js';
import { stepLossGraph } from './stepLoss.js';
import type { StepLoss } from './stepLoss.js';
import { supConLoss, supConTargets } from './supCon.js';

/** How documents enter the category loss. */
interface Categories {
  /** Class of a category; -1 if no training document has it, or if there is none. */
  readonly classOf: (category: string | null) => number;
  /** Weight of each class; their mean over the training documents is 1. */
  readonly weights: readonly number[];
}

export const noteCategory: CreateObjective = ({ config, settings, categories: counts }) => {
  const lossWeights = lossWeightsOf('note-category', settings);
  requireTwo(counts);
  const { classOf, weights } = categoriesOf(counts, settings);
  const predicts = (lossWeights.mlm ?? 0) > 0;
  const learns = (lossWeights.category ?? 0) > 0;
  const classifies = learns && settings.categoryLoss === 'cross-entropy';
  const contrasts = learns && !classifies;
  const targetsOf = (category: string | null): Targets => {
    const index = classOf(category);
    if (!classifies || index < 0) return {};
    return {
      category: { labels: Int32Array.of(index), positions: null, weight: weights[index]! },
    };
  };
  return {
    name: 'note-category',
    lossWeights,
    losses: [
      ...(predicts ? [maskedTokens] : []),
      ...(classifies ? [categoryClassifier(counts.length, config.hiddenSize)] : []),
    ],
    stepLoss: contrasts ? supCon(settings) : null,
    createSampler: (setup) =>
      contrasts
        ? categorySampler(setup, {
            predicts,
            classOf,
            compare: (classes, rows) => comparison(classes, rows, weights),
          })
        : windowSampler(setup, {
            predicts,
            targetsOf: (document) => targetsOf(setup.documents[document]!.category),
          }),
    describe(documents) {
      const found = countCategories(documents);
      return { categories: found, advice: categoryAdvice(documents, found, settings) };
    },
  };
};

function requireTwo(counts: readonly CategoryCount[]): void {
  if (counts.length > 1) return;
  throw usageError(
    counts.length === 0
      ? 'The notes have no category to learn: name the field that holds it (--category-field), or choose another objective.'
      : 'All notes have the same category, so there is nothing to tell apart: name another field (--category-field), or choose another objective.',
  );
}

function categoriesOf(
  counts: readonly CategoryCount[],
  { categoryWeights }: Pick<ObjectiveSettings, 'categoryWeights'>,
): Categories {
  const places = new Map(counts.map(({ name }, index) => [name, index]));
  return {
    classOf: (category) => (category === null ? -1 : (places.get(category) ?? -1)),
    weights: classWeights(
      counts.map(({ documents }) => documents),
      categoryWeights,
    ),
  };
}

function comparison(classes: readonly (number | null)[], rows: number, weights: readonly number[]) {
  const targets = supConTargets(classes, rows, weights);
  return {
    stepInputs: { ...targets },
    stepWeight: targets.anchorWeights.reduce((sum, weight) => sum + weight, 0),
  };
}

function supCon({ categoryTemperature }: ObjectiveSettings): StepLoss {
  return {
    name: 'category',
    compared: (rows) => rows,
    graph(width, rows) {
      const graph = createGraph();
      const embeddings = addInput(graph, 'embeddings', 'float32', [rows, width]);
      const positivePairs = addInput(graph, 'positivePairs', 'float32', [rows, rows]);
      const present = addInput(graph, 'present', 'float32', [rows]);
      const anchorWeights = addInput(graph, 'anchorWeights', 'float32', [rows]);
      const inputs = { embeddings, positivePairs, present, anchorWeights };
      const loss = supConLoss(graph, inputs, categoryTemperature);
      return stepLossGraph(graph, loss, [embeddings], [positivePairs, present, anchorWeights]);
    },
  };
}
