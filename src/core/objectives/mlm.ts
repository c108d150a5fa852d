/** Masked language modelling: predicts the tokens at masked positions of every window. */
import { lossWeightsOf } from './lossWeights.js';
import { maskedTokens } from './maskedTokens.js';
import type { CreateObjective } from './objective.js';
import { windowSampler } from './sampling/windowSampler.js';

export const mlm: CreateObjective = ({ settings }) => ({
  name: 'mlm',
  lossWeights: lossWeightsOf('mlm', settings),
  losses: [maskedTokens],
  stepLoss: null,
  createSampler: (setup) => windowSampler(setup, { predicts: true, targetsOf: () => ({}) }),
  describe: () => ({ categories: null, advice: [] }),
});
