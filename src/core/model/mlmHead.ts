/** Whether a stored masked-language-model head is one that we can use. */
import type { StoredTensor } from '../base/storedTensor.js';
import { isFloat, readFloats } from '../base/storedTensor.js';
import type { EncoderConfig } from '../encoder/config.js';
import { wordTable } from '../encoder/declarations.js';
import { familyOf } from '../encoder/familyOf.js';
import type { ParameterSpec } from '../encoder/parameters.js';
import { findStored, hasWholeHead } from './findStored.js';
import type { Weights } from './weightFiles.js';

/**
 * `missing`: incomplete or not there. `untrained`: invented when a bare encoder was saved as a
 * masked language model. `ownOutput`: trained, with an output matrix that is not the word
 * embeddings, which we do not compute.
 */
export type HeadState = 'usable' | 'missing' | 'untrained' | 'ownOutput';

/**
 * @param specs the encoder's and the head's
 * @param isTied what config.json says of the output matrix
 */
export async function headState(
  config: EncoderConfig,
  weights: Weights,
  { specs, isTied }: { readonly specs: readonly ParameterSpec[]; readonly isTied: boolean },
): Promise<HeadState> {
  if (!hasWholeHead(config, weights, specs)) return 'missing';
  if (!isTied && !weights.has(outputMatrixName(config))) return 'missing';
  if (await isInvented(config, weights, specs)) return 'untrained';
  return (await hasOwnOutput(config, weights)) ? 'ownOutput' : 'usable';
}

/** DistilBERT has a name of its own for it. */
export function isTied(rawConfig: Readonly<Record<string, unknown>>): boolean {
  return ['tie_word_embeddings', 'tie_weights_'].every((name) => rawConfig[name] !== false);
}

/** Name of an output matrix that differs from the word embeddings, for messages. */
export function outputMatrixName(config: EncoderConfig): string {
  return familyOf(config).outputMatrix;
}

/**
 * transformers fills missing layers anew: their norms are exactly 1 and 0 and their biases exactly
 * 0, which no training leaves. In a model that was never trained at all the encoder looks the same,
 * and its head is as good as the rest.
 */
async function isInvented(
  config: EncoderConfig,
  weights: Weights,
  specs: readonly ParameterSpec[],
): Promise<boolean> {
  const isFresh = async (spec: ParameterSpec): Promise<boolean> => {
    const tensor = findStored(config, weights, spec.name);
    if (tensor === undefined || !isFloat(tensor)) return false;
    const start = spec.initial === 'ones' ? 1 : 0;
    return (await readFloats(tensor)).every((value) => value === start);
  };
  const vectors = specs.filter(
    ({ use, initial }) => use === 'vector' && (initial === 'ones' || initial === 'zeros'),
  );
  const head = vectors.filter(({ part }) => part === 'mlmHead');
  if (head.length === 0 || !(await allAre(head, isFresh))) return false;
  return !(await allAre(
    vectors.filter(({ part }) => part === 'encoder'),
    isFresh,
  ));
}

async function allAre<T>(
  items: readonly T[],
  test: (item: T) => Promise<boolean>,
): Promise<boolean> {
  for (const item of items) if (!(await test(item))) return false;
  return true;
}

/** We train and export the output matrix as the word embeddings; a separate one would be lost. */
async function hasOwnOutput(config: EncoderConfig, weights: Weights): Promise<boolean> {
  const decoder = weights.get(outputMatrixName(config));
  const words = findStored(config, weights, wordTable(config).name);
  if (decoder === undefined || words === undefined || decoder.place === words.place) return false;
  return !(await isEqual(decoder, words));
}

/** Compares part by part, so that an unequal pair is known after a few megabytes. */
async function isEqual(a: StoredTensor, b: StoredTensor): Promise<boolean> {
  if (a.shape.join() !== b.shape.join()) return false;
  if (a.dtype !== b.dtype) return haveEqualValues(a, b);
  const others = b.parts()[Symbol.asyncIterator]();
  for await (const part of a.parts()) {
    const other = await others.next();
    // Tensors of other strides come in other parts.
    if (other.done === true || part.length !== other.value.length) return haveEqualValues(a, b);
    if (Buffer.compare(part, other.value) !== 0) return false;
  }
  return true;
}

async function haveEqualValues(a: StoredTensor, b: StoredTensor): Promise<boolean> {
  if (!isFloat(a) || !isFloat(b)) return false;
  const [values, others] = [await readFloats(a), await readFloats(b)];
  return values.every((value, i) => value === others[i]);
}
