import { gelu } from '../graph/activationOps.js';
import type { Value } from '../graph/graph.js';
import {
  bertEmbeddingSum,
  bertStack,
  bertWords,
  readBertConfig,
  writeBertConfig,
} from './bertLayers.js';
import { count } from './configFields.js';
import type { EncoderConfig } from './config.js';
import type { EncoderFamily, EncoderInputs } from './family.js';
import { dropoutSites } from './scope.js';
import type { Scope } from './scope.js';

const prefix = 'electra';

/**
 * ELECTRA (Clark et al., 2020): BERT's layers over embeddings with a width of their own, which one
 * matrix widens. The masked-language-model head, which only generators come with, narrows the hidden
 * states again. A discriminator's head tells replaced tokens and is not read.
 */
export const electra: EncoderFamily = {
  architectures: { encoder: 'ElectraModel', maskedLm: 'ElectraForMaskedLM' },
  readConfig: (fields) => ({
    ...readBertConfig(fields, 0),
    own: { embedding_size: count(fields, 'embedding_size', 128) },
  }),
  writeConfig: writeBertConfig,
  paddingPosition: () => null,
  words: (scope) => bertWords(scope.at(prefix), embeddingSize(scope.config)),
  encode(scope, inputs) {
    const at = scope.at(prefix);
    return bertStack(at, embed(at, inputs), inputs.attentionBias);
  },
  maskedLmHead(scope, masked) {
    const { graph, config } = scope;
    const at = scope.at('generator_predictions');
    const narrow = at.linear('dense', embeddingSize(config), masked, { inNewHead: 'identity' });
    return {
      // gelu, whatever the encoder has.
      hidden: at.norm('LayerNorm', gelu(graph, narrow)),
      bias: scope.at('generator_lm_head').bias('bias', config.vocabularySize, {
        inNewHead: 'logFrequencies',
      }),
    };
  },
  spellings: (name) =>
    name.startsWith(`${prefix}.`) ? [name, name.slice(prefix.length + 1)] : [name],
  outputMatrix: 'generator_lm_head.weight',
};

function embed(scope: Scope, inputs: EncoderInputs): Value {
  const { hiddenSize } = scope.config;
  const width = embeddingSize(scope.config);
  const at = scope.at('embeddings');
  const sum = bertEmbeddingSum(scope, inputs, { width });
  const embedded = at.drop(at.norm('LayerNorm', sum), dropoutSites.embeddings);
  return width === hiddenSize ? embedded : scope.linear('embeddings_project', hiddenSize, embedded);
}

function embeddingSize(config: EncoderConfig): number {
  return Number(config.own?.['embedding_size'] ?? config.hiddenSize);
}
