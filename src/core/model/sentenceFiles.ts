/** Writes what makes sentence-transformers embed as we do. */
import { poolingNames, poolings } from '../../protocol/catalogue/poolings.js';
import type { Tensor } from '../base/safetensors.js';
import { modelFileNames } from './fileNames.js';
import { activations } from './sentenceEmbedding.js';
import type { LoadedDenseLayer, LoadedLayer, LoadedSentence } from './sentenceEmbedding.js';

/** The JSON files, by name. Read by every version of sentence-transformers since 2.0. */
export function sentenceFiles(
  sentence: LoadedSentence,
  hiddenSize: number,
): Record<string, object> {
  const { prompts, truncatedTo, similarity, includePrompt } = sentence;
  const modules = [
    { path: '', type: 'Transformer' },
    { path: modelFileNames.poolingFolder, type: 'Pooling' },
    ...sentence.layers.map((layer, i) => ({ path: layerFolder(layer, i), type: typeOf(layer) })),
  ];
  const dense = denseLayers(sentence).map(({ folder, layer }): [string, object] => [
    `${folder}/config.json`,
    {
      in_features: layer.inFeatures,
      out_features: layer.outFeatures,
      bias: layer.hasBias,
      activation_function: activations[layer.activation].torch,
    },
  ]);
  return {
    [modelFileNames.modules]: modules.map(({ path, type }, idx) => ({
      idx,
      name: String(idx),
      path,
      type: `sentence_transformers.models.${type}`,
    })),
    [modelFileNames.pooling]: {
      word_embedding_dimension: hiddenSize,
      ...poolingFields(sentence),
      ...(includePrompt ? {} : { include_prompt: false }),
    },
    ...Object.fromEntries(dense),
    [modelFileNames.sentenceBert]: {
      max_seq_length: sentence.maxTokens,
      do_lower_case: sentence.lowerCase,
    },
    [modelFileNames.sentenceTransformer]: {
      ...(Object.keys(prompts.named).length === 0 ? {} : { prompts: prompts.named }),
      ...(prompts.defaultName === null ? {} : { default_prompt_name: prompts.defaultName }),
      similarity_fn_name: similarity,
      ...(truncatedTo === null ? {} : { truncate_dim: truncatedTo }),
    },
  };
}

/** The weights of its Dense modules, with the folder of each. */
export function denseLayers(
  sentence: LoadedSentence,
): { readonly folder: string; readonly layer: LoadedDenseLayer }[] {
  return sentence.layers.flatMap((layer, i) =>
    layer.kind === 'dense' ? [{ folder: layerFolder(layer, i), layer }] : [],
  );
}

export function denseTensors(layer: LoadedDenseLayer): [string, Tensor][] {
  const { weight, bias, inFeatures, outFeatures } = layer;
  return [
    ['linear.weight', { shape: [outFeatures, inFeatures], data: weight }],
    ...(bias === null ? [] : [['linear.bias', { shape: [outFeatures], data: bias }] as const]),
  ] as [string, Tensor][];
}

/** Whether a folder of a model has a name that we give to one. */
export function isModuleFolder(name: string): boolean {
  return /^\d+_(Pooling|Dense|Normalize)$/.test(name);
}

function layerFolder(layer: LoadedLayer, i: number): string {
  return `${i + 2}_${typeOf(layer)}`;
}

function typeOf({ kind }: LoadedLayer): string {
  return kind === 'dense' ? 'Dense' : 'Normalize';
}

/**
 * One flag for each pooling, which old versions read too; unless the order of several is not that
 * of the flags.
 */
function poolingFields({ poolings: used }: LoadedSentence): Record<string, unknown> {
  const ordered = poolingNames.filter((name) => used.includes(name));
  if (ordered.join() !== used.join()) return { pooling_mode: used };
  // Version 2.0 refuses the flags that came later.
  const flags = poolingNames.filter((name) => !poolings[name].isLate || used.includes(name));
  return Object.fromEntries(flags.map((name) => [poolings[name].flag, used.includes(name)]));
}
