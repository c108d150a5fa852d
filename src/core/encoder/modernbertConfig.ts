/** ModernBERT's own settings in `config.json`, as transformers writes them since 4.48 and since 5. */
import { readActivation } from './activation.js';
import type { ActivationName } from './activation.js';
import { count, flag, invalidConfig, positive, rate, requireValue } from './configFields.js';
import type { ConfigJson } from './configFields.js';

const layerTypes = ['full_attention', 'sliding_attention'] as const;
export type LayerType = (typeof layerTypes)[number];

/** Under their names in `config.json`, so that reading them again gives the same. */
export type ModernBertSettings = {
  readonly layer_types: readonly LayerType[];
  /** Tokens that a sliding layer attends to: half of them before and half after. */
  readonly local_attention: number;
  readonly global_rope_theta: number;
  readonly local_rope_theta: number;
  readonly embedding_dropout: number;
  readonly attention_bias: boolean;
  readonly mlp_bias: boolean;
  readonly norm_bias: boolean;
  readonly classifier_bias: boolean;
  /** Of the head. */
  readonly classifier_activation: ActivationName;
};

export function readModernBertSettings(fields: ConfigJson): ModernBertSettings {
  requireValue(fields, 'rope_scaling', false, 'scaling of rotary positions');
  const all = positive(fields, 'global_rope_theta', 160_000);
  // Before transformers 5, null meant the base of the other layers.
  const near =
    fields['local_rope_theta'] === null ? all : positive(fields, 'local_rope_theta', 1e4);
  return {
    layer_types: readLayerTypes(fields),
    local_attention: count(fields, 'local_attention', 128),
    global_rope_theta: ropeTheta(fields, 'full_attention') ?? all,
    local_rope_theta: ropeTheta(fields, 'sliding_attention') ?? near,
    embedding_dropout: rate(fields, 'embedding_dropout', 0),
    attention_bias: flag(fields, 'attention_bias', false),
    mlp_bias: flag(fields, 'mlp_bias', false),
    norm_bias: flag(fields, 'norm_bias', false),
    classifier_bias: flag(fields, 'classifier_bias', false),
    classifier_activation: readActivation(fields, 'classifier_activation'),
  };
}

/** For transformers before and since 5, which read different fields. */
export function writeModernBertSettings(settings: ModernBertSettings): Record<string, unknown> {
  const every = settings.layer_types.indexOf('full_attention', 1);
  const repeats = settings.layer_types.every(
    (type, i) => (type === 'full_attention') === (i % (every < 0 ? Infinity : every) === 0),
  );
  const rope = (theta: number) => ({ rope_type: 'default', rope_theta: theta });
  return {
    ...settings,
    ...(repeats && { global_attn_every_n_layers: every < 0 ? settings.layer_types.length : every }),
    rope_parameters: {
      full_attention: rope(settings.global_rope_theta),
      sliding_attention: rope(settings.local_rope_theta),
    },
  };
}

function readLayerTypes(fields: ConfigJson): LayerType[] {
  const layers = count(fields, 'num_hidden_layers');
  const listed = fields['layer_types'];
  if (listed === undefined || listed === null) {
    const every = count(fields, 'global_attn_every_n_layers', 3);
    return Array.from({ length: layers }, (_, i) => layerTypes[i % every === 0 ? 0 : 1]);
  }
  const types = Array.isArray(listed)
    ? listed.flatMap((type) => layerTypes.filter((known) => known === type))
    : [];
  if (!Array.isArray(listed) || types.length !== layers || listed.length !== layers) {
    throw invalidConfig(`layer_types does not give each of ${layers} layers a known type`);
  }
  return types;
}

/** Since transformers 5; `null` if it is not given. */
function ropeTheta(fields: ConfigJson, type: LayerType): number | null {
  const all = fields['rope_parameters'] ?? {};
  if (typeof all !== 'object') throw invalidConfig('rope_parameters is no object');
  const own = (all as Readonly<Record<string, unknown>>)[type] ?? {};
  if (typeof own !== 'object') throw invalidConfig(`rope_parameters.${type} is no object`);
  const rope = own as ConfigJson;
  requireValue(rope, 'rope_type', 'default', 'scaling of rotary positions');
  return rope['rope_theta'] === undefined ? null : positive(rope, 'rope_theta', 1e4);
}
