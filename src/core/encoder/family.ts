/** What sets one family of encoders apart. The layers themselves are the same in all of them. */
import type { EncoderConfig } from './config.js';

export interface EncoderFamily {
  /** As its makers write it. */
  readonly label: string;
  /** Before the names of the encoder's parameters in a state dict. */
  readonly prefix: string;
  readonly head: MlmHeadNames;
  /** Classes of transformers that load what we save. */
  readonly architectures: { readonly encoder: string; readonly maskedLm: string };
  /** Where `config.json` names none. */
  readonly padTokenId: number;
  /** Fields of `config.json` that only this family has. */
  readonly ownConfigFields: Readonly<Record<string, number>>;
  /** Row of the position table that padding has to itself; `null` where it has none. */
  paddingPosition(config: Pick<EncoderConfig, 'padTokenId'>): number | null;
}

/** Parameters of the head of masked language modelling. */
export interface MlmHeadNames {
  readonly dense: string;
  readonly norm: string;
  readonly bias: string;
  /** Where a checkpoint keeps the output matrix and its bias once more; neither is a parameter. */
  readonly decoder: string;
}
