/** Low-rank adaptation against peft in float64; see test/golden/lora. */
import { describe, it } from 'vitest';
import { loraSpecs } from '../../../src/core/encoder/declarations.js';
import type { LoraSettings } from '../../../src/core/encoder/lora.js';
import distilbertFile from '../../golden/lora/distilbert.json' with { type: 'json' };
import modernbertFile from '../../golden/lora/modernbert.json' with { type: 'json' };
import mpnetFile from '../../golden/lora/mpnet.json' with { type: 'json' };
import robertaFile from '../../golden/lora/lora.json' with { type: 'json' };
import { distilbert, modernbert, mpnet, roberta } from '../objectives/golden.js';
import { expectGradients, expectThreeSteps } from '../objectives/parityChecks.js';
import type { ReferenceNumbers } from '../objectives/parityChecks.js';
import { adaptedParameters, adaptedSpecs, adaptedTraining } from './loraGraph.js';

interface Case extends ReferenceNumbers {
  readonly settings: LoraSettings;
}

const cases = [
  ...(robertaFile as unknown as Case[]).map((one) => ({ ...one, reference: roberta })),
  ...(distilbertFile as unknown as Case[]).map((one) => ({ ...one, reference: distilbert })),
  ...(modernbertFile as unknown as Case[]).map((one) => ({ ...one, reference: modernbert })),
  ...(mpnetFile as unknown as Case[]).map((one) => ({ ...one, reference: mpnet })),
];

describe.each(cases)(
  'low-rank adaptation of $reference.config.modelType, $settings.modules, against peft',
  ({ settings, reference, ...numbers }) => {
    const trained = loraSpecs(reference.config, settings);
    const modelFor = (lowering: 'cpu' | 'webgpu') => ({
      graph: adaptedTraining(settings, trained, { lowering, dropout: true }, reference),
      specs: adaptedSpecs(settings, reference),
      trained,
      parameters: adaptedParameters(settings, reference),
      reference,
    });

    it.each(['cpu', 'webgpu'] as const)(
      'agrees in loss and every gradient (%s)',
      async (lowering) => expectGradients(modelFor(lowering), numbers),
    );

    it('arrives at the same factors after three AdamW steps', async () => {
      await expectThreeSteps(modelFor('cpu'), numbers);
    });
  },
);
