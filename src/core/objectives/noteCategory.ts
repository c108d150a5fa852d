/**
 * Note categories: learned from a metadata field over the mean-pooled embedding, by a linear
 * classifier or by supervised contrast (Khosla et al., 2020), beside masked language modelling.
 */
import { usageError } from '../base/errors.js';
import type { ParameterSpec } from '../encoder/parameters.js';
import { addInput, createGraph } from '../graph/graph.js';
import { categoryBias, categoryCorrect, categoryLoss, categoryWeight } from './categoryLoss.js';
import { categorySampler } from './sampling/categorySampler.js';
import { lossWeightsOf } from './lossWeights.js';
import type {
  CategoryCount,
  CreateObjective,
  ObjectiveSettings,
  ObjectiveSetup,
  SequenceLoss,
  StepLoss,
} from './objective.js';
import { stepLossGraph } from './stepLossGraph.js';
import { supConLoss } from './supCon.js';
import { plain, windowSampler } from './sampling/windowSampler.js';

/** How a document counts in the category loss. */
export interface Categories {
  /** Class of a category; -1 for one that the training documents do not have, and for none. */
  indexOf(category: string | null): number;
  /** Of each class; 1 in the mean over the training documents. */
  readonly weights: readonly number[];
}

export const noteCategory: CreateObjective = ({ config, settings, categories: counts }) => {
  const lossWeights = lossWeightsOf('note-category', settings);
  requireTwo(counts);
  const categories = categoriesOf(counts, settings);
  const predicts = (lossWeights.mlm ?? 0) > 0;
  const learns = (lossWeights.category ?? 0) > 0;
  const classifies = settings.categoryLoss === 'cross-entropy';
  return {
    name: 'note-category',
    lossWeights,
    headSpecs: learns && classifies ? classifierSpecs(counts.length, config.hiddenSize) : [],
    sequenceLoss: learns && classifies ? crossEntropy : null,
    stepLoss: learns && !classifies ? supCon(settings) : null,
    createSampler: (setup) =>
      learns && !classifies
        ? categorySampler(setup, categories, predicts)
        : windowSampler(setup, {
            predicts,
            annotate: (document) => annotation(setup.documents[document]!.category, categories),
          }),
  };
};

function requireTwo(counts: ObjectiveSetup['categories']): void {
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
  const total = counts.reduce((sum, { documents }) => sum + documents, 0);
  return {
    indexOf: (category) => (category === null ? -1 : (places.get(category) ?? -1)),
    weights: counts.map(({ documents }) =>
      categoryWeights === 'balanced' ? total / (counts.length * documents) : 1,
    ),
  };
}

function annotation(category: string | null, categories: Categories) {
  const index = categories.indexOf(category);
  if (index < 0) return plain;
  return { row: -1, category: index, categoryWeight: categories.weights[index]! };
}

function classifierSpecs(classes: number, width: number): ParameterSpec[] {
  const shared = { part: 'objective', layer: null } as const;
  const matrix = { ...shared, use: 'matrix', initial: 'normal', decay: true } as const;
  const vector = { ...shared, use: 'vector', initial: 'zeros', decay: false } as const;
  return [
    { ...matrix, name: categoryWeight, shape: [classes, width] },
    { ...vector, name: categoryBias, shape: [classes] },
  ];
}

const crossEntropy: SequenceLoss = {
  name: 'category',
  build(scope, embeddings, labels, weights) {
    const { graph } = scope;
    const inputs = {
      embeddings,
      weight: scope.parameter(categoryWeight),
      bias: scope.parameter(categoryBias),
      labels,
      weights,
    };
    return { loss: categoryLoss(graph, inputs), correct: () => categoryCorrect(graph, inputs) };
  },
};

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
