/** Masked language modelling: predicts the tokens at masked positions of every window. */
import { lossWeightsOf } from './lossWeights.js';
import type { CreateObjective } from './objective.js';
import { plain, windowSampler } from './sampling/windowSampler.js';

export const mlm: CreateObjective = ({ settings }) => ({
  name: 'mlm',
  lossWeights: lossWeightsOf('mlm', settings),
  headSpecs: [],
  sequenceLoss: null,
  stepLoss: null,
  createSampler: (setup) => windowSampler(setup, { predicts: true, annotate: () => plain }),
});
