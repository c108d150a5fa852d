/**
 * Masked language modelling, then DeCLUTR, as two stages of one run: the order that won every row of
 * the authors' own comparison (nhsx/ELM4PSIR, ELM4PSIR_NT_v1.1, section 5). Loss weights are those of
 * the second stage; the first has one loss.
 */
import { declutr } from './declutr.js';
import { mlm } from './mlm.js';
import type { CreateObjective } from './objective.js';

export const mlmThenDeclutr: CreateObjective = (setup) => ({
  ...declutr(setup),
  name: 'mlm-then-declutr',
  first: mlm({ ...setup, settings: { ...setup.settings, lossWeights: null } }),
});
