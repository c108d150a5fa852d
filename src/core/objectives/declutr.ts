/**
 * DeCLUTR: trains spans of one document to be closer to each other than to those of other documents
 * (Giorgi et al., "DeCLUTR", ACL 2021), along with masked language modelling of the anchors. As in
 * the authors' code, one pass over the masked anchors serves both.
 */
import { createGraph, addInput } from '../graph/graph.js';
import { lossWeightsOf } from './lossWeights.js';
import { maskedTokens } from './maskedTokens.js';
import { ntXentLoss } from './ntXent.js';
import type { CreateObjective, ObjectiveSettings } from './objective.js';
import { spanSampler } from './sampling/spanSampler.js';
import { stepLossGraph } from './stepLoss.js';
import type { StepLoss } from './stepLoss.js';

export const declutr: CreateObjective = ({ settings }) => {
  const lossWeights = lossWeightsOf('declutr', settings);
  const predicts = (lossWeights.mlm ?? 0) > 0;
  const compares = (lossWeights.ntXent ?? 0) > 0;
  return {
    name: 'declutr',
    lossWeights,
    losses: predicts ? [maskedTokens] : [],
    stepLoss: compares ? ntXent(settings) : null,
    createSampler: (setup) => spanSampler(setup, { predicts, compares, spans: settings }),
    describe: () => ({ categories: null, advice: [] }),
  };
};

function ntXent({ positivesPerAnchor, temperature }: ObjectiveSettings): StepLoss {
  return {
    name: 'ntXent',
    compared: (anchors) => 2 * anchors,
    graph(width, anchors) {
      const graph = createGraph();
      const embeddings = [
        addInput(graph, 'anchors', 'float32', [anchors, width]),
        addInput(graph, 'positives', 'float32', [anchors * positivesPerAnchor, width]),
      ] as const;
      const anchorWeights = addInput(graph, 'anchorWeights', 'float32', [anchors]);
      const inputs = { anchors: embeddings[0], positives: embeddings[1], anchorWeights };
      const loss = ntXentLoss(graph, inputs, temperature);
      return stepLossGraph(graph, loss, embeddings, [anchorWeights]);
    },
  };
}
