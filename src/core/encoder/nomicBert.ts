import type { Value } from '../graph/graph.js';
import { add, gatherRows, multiply } from '../graph/ops.js';
import { activate } from './activation.js';
import type { EncoderFamily, EncoderInputs } from './family.js';
import { nomicBertSettings, readNomicBertConfig, writeNomicBertConfig } from './nomicBertConfig.js';
import { fusedSelfAttention, rotaryAttention } from './rotaryAttention.js';
import type { AttentionKind } from './rotaryAttention.js';
import { dropoutSites } from './scope.js';
import type { Scope } from './scope.js';

const prefix = 'nomic_bert';
const head = 'cls.predictions';

/**
 * NomicBERT (Nussbaum et al., "Nomic Embed", 2024): BERT with rotary positions, gated layers and
 * matrices without biases. Its makers' head has no biases either, which is as if they were 0; the
 * head of transformers has them.
 */
export const nomicBert: EncoderFamily = {
  architectures: { encoder: 'NomicBertModel', maskedLm: 'NomicBertForMaskedLM' },
  readConfig: readNomicBertConfig,
  writeConfig: writeNomicBertConfig,
  paddingPosition: () => null,
  words: (scope) => words(scope.at(prefix)),
  encode: (scope, inputs) => encode(scope.at(prefix), inputs),
  maskedLmHead(scope, masked) {
    const { graph, config } = scope;
    const at = scope.at(head);
    const transform = at.at('transform');
    const dense = transform.linear('dense', config.hiddenSize, masked, {
      inNewHead: 'identity',
      bias: 'mayBeAbsent',
    });
    return {
      hidden: transform.norm('layer_norm', activate(graph, config.activation, dense)),
      bias: at.bias('bias', config.vocabularySize, {
        inNewHead: 'logFrequencies',
        mayBeAbsent: true,
      }),
    };
  },
  spellings(name) {
    if (name === `${head}.bias`) return [name, `${head}.decoder.bias`];
    const bare = name.slice(prefix.length + 1);
    return name.startsWith(`${prefix}.`) ? [name, bare, `bert.${bare}`] : [name];
  },
  outputMatrix: `${head}.decoder.weight`,
};

function words(scope: Scope): Value {
  const { vocabularySize, hiddenSize, padTokenId } = scope.config;
  return scope
    .at('embeddings')
    .table('word_embeddings', [vocabularySize, hiddenSize], { paddingRow: padTokenId });
}

function encode(scope: Scope, inputs: EncoderInputs): Value {
  const { graph, config } = scope;
  const { embd_pdrop: dropout, rotary_emb_base: theta } = nomicBertSettings(config);
  const types = scope
    .at('embeddings')
    .table('token_type_embeddings', [config.typeVocabularySize, config.hiddenSize]);
  const word = gatherRows(graph, words(scope), inputs.inputIds);
  const sum = add(graph, word, gatherRows(graph, types, inputs.tokenTypeIds));
  let hidden = scope.drop(scope.norm('emb_ln', sum), dropoutSites.embeddings, dropout);
  const attend = rotaryAttention(scope, inputs, { theta, span: null });
  const layers = scope.at('encoder').at('layers');
  for (let layer = 0; layer < config.hiddenLayers; layer++) {
    hidden = encodeLayer(layers.atLayer(layer), hidden, attend);
  }
  return hidden;
}

function encodeLayer(scope: Scope, x: Value, attend: AttentionKind): Value {
  const { graph, config } = scope;
  const { hiddenSize, intermediateSize } = config;
  const bias = false;
  const attention = scope.at('attn');
  const attended = fusedSelfAttention(attention, x, attend, { name: 'Wqkv', bias });
  const projected = attention.linear('out_proj', hiddenSize, attended, {
    lora: 'attention.output',
    bias,
  });
  const kept = attention.drop(projected, dropoutSites.attentionOutput);
  const middle = scope.norm('norm1', add(graph, kept, x));

  const mlp = scope.at('mlp');
  const wide = (name: string): Value =>
    mlp.linear(name, intermediateSize, middle, { lora: 'intermediate', bias });
  const gated = multiply(graph, wide('fc11'), activate(graph, config.activation, wide('fc12')));
  const narrow = mlp.linear('fc2', hiddenSize, gated, { lora: 'output', bias });
  return scope.norm('norm2', add(graph, mlp.drop(narrow, dropoutSites.output), middle));
}
