import { gelu } from '../graph/activationOps.js';
import type { Value } from '../graph/graph.js';
import {
  bertEncoder,
  bertSpellings,
  bertWords,
  readBertConfig,
  writeBertConfig,
} from './bertLayers.js';
import { index } from './configFields.js';
import type { EncoderFamily } from './family.js';
import type { Scope } from './scope.js';

const prefix = 'roberta';
const head = 'lm_head';

/**
 * RoBERTa and what has its layers under another `model_type`: positions start after the padding row.
 * The ids of the begin and end tokens differ between vocabularies and are kept as they were read.
 */
export function robertaFamily(architectures: EncoderFamily['architectures']): EncoderFamily {
  return {
    architectures,
    readConfig: (fields) => ({
      ...readBertConfig(fields, 1),
      own: {
        bos_token_id: index(fields, 'bos_token_id', 0),
        eos_token_id: index(fields, 'eos_token_id', 2),
      },
    }),
    writeConfig: writeBertConfig,
    paddingPosition: ({ padTokenId }) => padTokenId,
    words: (scope) => bertWords(scope.at(prefix)),
    encode: (scope, inputs) => bertEncoder(scope.at(prefix), inputs, scope.config.padTokenId),
    decode: (scope, inputs, source) =>
      bertEncoder(scope.at(prefix), inputs, scope.config.padTokenId, source),
    maskedLmHead: robertaHead,
    spellings: (name) => [
      ...bertSpellings(name),
      ...(name === `${head}.bias` ? [`${head}.decoder.bias`] : []),
    ],
    outputMatrix: `${head}.decoder.weight`,
  };
}

/** The layers `lm_head`, whose activation is gelu, whatever the encoder has. */
export function robertaHead(scope: Scope, masked: Value): { hidden: Value; bias: Value } {
  const { graph, config } = scope;
  const at = scope.at(head);
  const dense = at.linear('dense', config.hiddenSize, masked, { inNewHead: 'identity' });
  return {
    hidden: at.norm('layer_norm', gelu(graph, dense)),
    bias: at.bias('bias', config.vocabularySize, { inNewHead: 'logFrequencies' }),
  };
}

/** RoBERTa and DistilRoBERTa. */
export const roberta = robertaFamily({ encoder: 'RobertaModel', maskedLm: 'RobertaForMaskedLM' });
