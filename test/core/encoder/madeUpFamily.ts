/**
 * A family that nobody has published, to see that a family is one file: a gate multiplies what is
 * attended to, there are neither token types nor positions, and all names are its own.
 */
import { gelu } from '../../../src/core/graph/activationOps.js';
import { add, gatherRows, multiply } from '../../../src/core/graph/ops.js';
import type { Value } from '../../../src/core/graph/graph.js';
import { selfAttention } from '../../../src/core/encoder/attention.js';
import { count } from '../../../src/core/encoder/configFields.js';
import type { EncoderFamily } from '../../../src/core/encoder/family.js';
import { dropoutSites } from '../../../src/core/encoder/scope.js';
import type { Scope } from '../../../src/core/encoder/scope.js';

export const gated: EncoderFamily = {
  architectures: { encoder: 'GatedModel', maskedLm: 'GatedForMaskedLM' },
  readConfig: (fields) => ({
    vocabularySize: count(fields, 'words'),
    hiddenSize: count(fields, 'width'),
    hiddenLayers: count(fields, 'depth'),
    attentionHeads: count(fields, 'heads'),
    intermediateSize: count(fields, 'width'),
    activation: 'gelu',
    maxPositionEmbeddings: count(fields, 'longest', 64),
    typeVocabularySize: 0,
    padTokenId: 0,
    layerNormEps: 1e-6,
    hiddenDropout: 0.1,
    attentionDropout: 0.1,
    initializerRange: 0.02,
    own: { gates: count(fields, 'gates', 1) },
  }),
  writeConfig: (config) => ({
    words: config.vocabularySize,
    width: config.hiddenSize,
    depth: config.hiddenLayers,
    heads: config.attentionHeads,
    longest: config.maxPositionEmbeddings,
    ...config.own,
  }),
  paddingPosition: () => null,
  words,
  encode(scope, inputs) {
    let hidden = scope.drop(
      gatherRows(scope.graph, words(scope), inputs.inputIds),
      dropoutSites.embeddings,
    );
    for (let layer = 0; layer < scope.config.hiddenLayers; layer++) {
      hidden = gatedLayer(scope.at('blocks').atLayer(layer), hidden, inputs.attentionBias);
    }
    return hidden;
  },
  maskedLmHead: (scope, masked) => ({
    hidden: scope.at('out').norm('scale', masked),
    bias: scope
      .at('out')
      .bias('offset', scope.config.vocabularySize, { inNewHead: 'logFrequencies' }),
  }),
  spellings: (name) => [name, `old.${name}`],
  outputMatrix: 'out.matrix',
};

function words(scope: Scope): Value {
  const { vocabularySize, hiddenSize, padTokenId } = scope.config;
  return scope.table('tokens', [vocabularySize, hiddenSize], { paddingRow: padTokenId });
}

function gatedLayer(scope: Scope, x: Value, bias: Value): Value {
  const { graph, config } = scope;
  const { hiddenSize } = config;
  const attended = selfAttention(scope, x, bias, { query: 'q', key: 'k', value: 'v' });
  const gate = gelu(graph, scope.linear('gate', hiddenSize, x, { lora: 'intermediate' }));
  const gatedSum = add(graph, x, multiply(graph, attended, gate));
  return scope.norm('after', scope.drop(gatedSum, dropoutSites.output));
}
