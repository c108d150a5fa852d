/** Low-rank adaptation against peft in float64; see test/golden/lora. */
import { describe, it } from 'vitest';
import { loraSpecs } from '../../../src/core/encoder/declarations.js';
import type { LoraSettings } from '../../../src/core/encoder/lora.js';
import file from '../../golden/lora/lora.json' with { type: 'json' };
import { config, roberta } from '../objectives/golden.js';
import { expectGradients, expectThreeSteps } from '../objectives/parityChecks.js';
import type { ReferenceNumbers } from '../objectives/parityChecks.js';
import { adaptedParameters, adaptedSpecs, adaptedTraining } from './loraGraph.js';

const cases = file as unknown as (ReferenceNumbers & { readonly settings: LoraSettings })[];

describe.each(cases)(
  'low-rank adaptation of $settings.modules against peft',
  ({ settings, ...numbers }) => {
    const trained = loraSpecs(config, settings);
    const modelFor = (lowering: 'cpu' | 'webgpu') => ({
      graph: adaptedTraining(settings, trained, { lowering, dropout: true }),
      specs: adaptedSpecs(settings),
      trained,
      parameters: adaptedParameters(settings),
      reference: roberta,
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
