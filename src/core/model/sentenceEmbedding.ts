/** How a model embeds a text: what the modules of sentence-transformers in its folder say. */
import type { PoolingName } from '../../protocol/catalogue/poolings.js';
import { longestSequence } from '../encoder/positions.js';
import type { EncoderConfig } from '../encoder/config.js';
import type { PointwiseName } from '../graph/graph.js';

export interface SentenceEmbedding<Layer extends SentenceLayer = SentenceLayer> {
  /** Several are joined in this order. */
  readonly poolings: readonly PoolingName[];
  /** Whether the tokens of a prompt, and the special token before them, are pooled too. */
  readonly includePrompt: boolean;
  /** Applied to the pooled vector, in order. */
  readonly layers: readonly Layer[];
  /** Longest input in tokens, special tokens and prompt included. */
  readonly maxTokens: number;
  /** Texts are lower-cased before the tokenizer's own rules. */
  readonly lowerCase: boolean;
  readonly prompts: SentencePrompts;
  /** Only the first so many numbers of a vector are used; `null`: all. */
  readonly truncatedTo: number | null;
  /** The similarity it was made for: "cosine", "dot", "euclidean" or "manhattan". */
  readonly similarity: string;
}

export type SentenceLayer = DenseLayer | { readonly kind: 'normalise' };

export interface DenseLayer {
  readonly kind: 'dense';
  /** Name of its folder within the model's. */
  readonly folder: string;
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly hasBias: boolean;
  readonly activation: ActivationName;
}

/** With its weights. */
export interface LoadedDenseLayer extends DenseLayer {
  /** [outFeatures, inFeatures] */
  readonly weight: Float32Array;
  /** [outFeatures] */
  readonly bias: Float32Array | null;
}

export type LoadedLayer = Exclude<SentenceLayer, DenseLayer> | LoadedDenseLayer;
export type LoadedSentence = SentenceEmbedding<LoadedLayer>;

/** `config_sentence_transformers.json` as written. */
export interface SentencePrompts {
  readonly named: Readonly<Record<string, string>>;
  readonly defaultName: string | null;
}

/** Classes of `torch.nn`, which `torch` builds without arguments. */
export const activations = {
  Identity: { torch: 'torch.nn.modules.linear.Identity', pointwise: null },
  Tanh: { torch: 'torch.nn.modules.activation.Tanh', pointwise: 'Tanh' },
  GELU: { torch: 'torch.nn.modules.activation.GELU', pointwise: 'Gelu' },
  ReLU: { torch: 'torch.nn.modules.activation.ReLU', pointwise: 'Relu' },
  Sigmoid: { torch: 'torch.nn.modules.activation.Sigmoid', pointwise: 'Sigmoid' },
} as const satisfies Readonly<
  Record<string, { readonly torch: string; readonly pointwise: PointwiseName | null }>
>;
export type ActivationName = keyof typeof activations;

/** The mean over all tokens, for folders that say nothing. */
export function meanEmbedding(config: EncoderConfig): LoadedSentence {
  return {
    poolings: ['mean'],
    includePrompt: true,
    layers: [],
    maxTokens: longestSequence(config),
    lowerCase: false,
    prompts: { named: {}, defaultName: null },
    truncatedTo: null,
    similarity: 'cosine',
  };
}

/**
 * Whether a long note's vector is the mean over its tokens: so that its passages are averaged
 * unnormalised, weighted by their tokens. Layers without an activation keep that mean.
 */
export function averagesTokens({ poolings, layers }: SentenceEmbedding): boolean {
  const inner = endsNormalised(layers) ? layers.slice(0, -1) : layers;
  return (
    poolings.join() === 'mean' &&
    inner.every((layer) => layer.kind === 'dense' && layer.activation === 'Identity')
  );
}

export function endsNormalised(layers: readonly SentenceLayer[]): boolean {
  return layers.at(-1)?.kind === 'normalise';
}

/** Length of the vector after all layers, before `truncatedTo`. */
export function layeredWidth(
  { poolings, layers }: SentenceEmbedding,
  { hiddenSize }: Pick<EncoderConfig, 'hiddenSize'>,
): number {
  return layers.reduce(
    (width, layer) => (layer.kind === 'dense' ? layer.outFeatures : width),
    poolings.length * hiddenSize,
  );
}
