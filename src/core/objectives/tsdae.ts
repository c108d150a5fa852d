/**
 * TSDAE (Wang et al., 2021; see `denoising.ts`): deletes words of every window, and learns an
 * embedding of what is left from which the whole window can be written. The embedding
 * is the mean over tokens, as everywhere here; the authors' own choice is the first token.
 */
import { families, familyNames } from '../../protocol/catalogue/families.js';
import { usageError } from '../base/errors.js';
import { canDecode } from '../encoder/encode.js';
import type { EncoderConfig } from '../encoder/config.js';
import { denoising } from './denoising.js';
import { lossWeightsOf } from './lossWeights.js';
import type { CreateObjective } from './objective.js';
import { deleteWords } from './sampling/deletion.js';
import { windowSampler } from './sampling/windowSampler.js';

export const tsdae: CreateObjective = ({ config, settings }) => {
  refuseOthers(config);
  return {
    name: 'tsdae',
    lossWeights: lossWeightsOf('tsdae', settings),
    losses: [denoising(config)],
    stepLoss: null,
    createSampler: (setup) =>
      windowSampler(setup, {
        predicts: false,
        targetsOf: () => ({}),
        draw: (ids, random) => ({
          inputIds: deleteWords(ids, random, settings.deletionRatio, setup.isWordStart),
          targets: { denoising: { labels: ids.slice(1), positions: null, weight: 1 } },
        }),
      }),
    describe: () => ({ categories: null, advice: [] }),
  };
};

function refuseOthers({ modelType }: EncoderConfig): void {
  if (canDecode({ modelType })) return;
  const able = familyNames.filter((name) => canDecode({ modelType: name }));
  const labels = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(
    able.map((name) => families[name].label),
  );
  throw usageError(
    `TSDAE needs layers that can decode, which ${families[modelType].label} models do not have: choose a ${labels} model, or another objective.`,
  );
}
