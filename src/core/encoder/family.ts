/** The interface of an encoder family. A family is one file and one line in `families.ts`. */
import type { Value } from '../graph/graph.js';
import type { EncoderConfig } from './config.js';
import type { ConfigJson } from './configFields.js';
import type { Scope } from './scope.js';

export interface EncoderFamily {
  /** Classes of transformers that load the saved model. */
  readonly architectures: { readonly encoder: string; readonly maskedLm: string };
  /** Reads `config.json`; a setting that the family does not support is an error that names it. */
  readConfig(fields: ConfigJson): Omit<EncoderConfig, 'modelType'>;
  /** The inverse, as transformers writes it, without `model_type`, `architectures` and `dtype`. */
  writeConfig(config: EncoderConfig): Record<string, unknown>;
  /** Row of the position table reserved for padding; `null` if there is none. */
  paddingPosition(config: EncoderConfig): number | null;
  /** How far a token of a layer attends on each side; `null` or absent: to its whole sequence. */
  attentionSpan?(config: EncoderConfig, layer: number): number | null;
  /** The word-embedding table, also the output matrix of the head. */
  words(scope: Scope): Value;
  /** Embeddings and layers: hidden states, [...shape of `inputIds`, hiddenSize]. */
  encode(scope: Scope, inputs: EncoderInputs): Value;
  /**
   * The layers as a decoder, whose tokens also attend to one embedding: hidden states,
   * [...shape of `inputIds`, hiddenSize]. What the encoder lacks is declared by `Scope.addition`.
   * Absent for a family that cannot decode.
   */
  decode?(scope: Scope, inputs: EncoderInputs, source: DecoderSource): Value;
  /**
   * The layers between hidden states [predictions, hiddenSize] and the output matrix; `hidden` is
   * as wide as the word embeddings.
   */
  maskedLmHead(scope: Scope, masked: Value): { readonly hidden: Value; readonly bias: Value };
  /** Names that checkpoints use for a parameter, in search order. */
  spellings(name: string): readonly string[];
  /** Name under which a checkpoint may store a second copy of the output matrix. */
  readonly outputMatrix: string;
}

/** What a decoder is given beside its own tokens: one embedding for each of its sequences. */
export interface DecoderSource {
  /** [batch * sequencesPerRow, hiddenSize] */
  readonly embeddings: Value;
  /** [batch, sequence, sequencesPerRow]: 1 at a sequence's tokens, else 0. */
  readonly membership: Value;
}

/** All inputs that an encoder may read. A graph has only those that its family reads. */
export interface EncoderInputs {
  /** Any shape, such as [batch * sequence] or [batch, sequence]; the hidden states keep it. */
  readonly inputIds: Value;
  readonly positionIds: Value;
  readonly tokenTypeIds: Value;
  /**
   * Added to attention scores: [batch, 1, 1, sequence], or [batch, 1, sequence, sequence] if a row
   * holds several sequences, each of which attends only to itself.
   */
  readonly attentionBias: Value;
}
