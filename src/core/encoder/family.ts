/** What a family of encoders says of itself: all of it in one file, and one line in `families.ts`. */
import type { Value } from '../graph/graph.js';
import type { EncoderConfig } from './config.js';
import type { ConfigJson } from './configFields.js';
import type { Scope } from './scope.js';

export interface EncoderFamily {
  /** Classes of transformers that load what we save. */
  readonly architectures: { readonly encoder: string; readonly maskedLm: string };
  /** Reads `config.json`, and refuses by name what the family's code does not compute. */
  readConfig(fields: ConfigJson): Omit<EncoderConfig, 'modelType'>;
  /** The same as transformers writes it, without `model_type`, `architectures` and `dtype`. */
  writeConfig(config: EncoderConfig): Record<string, unknown>;
  /** Row of the position table that padding has to itself; `null` where it has none. */
  paddingPosition(config: EncoderConfig): number | null;
  /** The table of word embeddings, which is the output matrix of the head too. */
  words(scope: Scope): Value;
  /** Embeddings and layers: hidden states in the shape of `inputIds`, and hiddenSize. */
  encode(scope: Scope, inputs: EncoderInputs): Value;
  /** What stands between hidden states [predictions, hiddenSize] and the output matrix. */
  maskedLmHead(scope: Scope, masked: Value): { readonly hidden: Value; readonly bias: Value };
  /** Names that checkpoints have for a parameter, in the order in which they are looked for. */
  spellings(name: string): readonly string[];
  /** Where a checkpoint may keep the output matrix once more. */
  readonly outputMatrix: string;
}

/** What an encoder may read. A graph has an input for those alone that its family does read. */
export interface EncoderInputs {
  /** Any shape, such as [batch * sequence] or [batch, sequence]; so the hidden states come out. */
  readonly inputIds: Value;
  readonly positionIds: Value;
  readonly tokenTypeIds: Value;
  /**
   * Added to attention scores: [batch, 1, 1, sequence], or [batch, 1, sequence, sequence] where a row
   * holds several sequences, each of which attends to itself alone.
   */
  readonly attentionBias: Value;
}
