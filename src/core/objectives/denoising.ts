/**
 * The loss of TSDAE: Wang, Reimers and Gurevych, "TSDAE: Using Transformer-based Sequential Denoising
 * Auto-Encoder for Unsupervised Sentence Embedding Learning", Findings of EMNLP 2021. The encoder's
 * own layers, as a decoder, write the original text from the embedding of what is left of it.
 */
import { decoderSpecs, encoderInputNames, makeEncoderInputs } from '../encoder/declarations.js';
import { decode } from '../encoder/encode.js';
import type { EncoderConfig } from '../encoder/config.js';
import { maskedLmHead } from '../encoder/maskedLmHead.js';
import { decoderCorrect, decoderLoss } from '../graph/decoderOps.js';
import { causalBiasShape, fillTokens } from './fillTokens.js';
import { inputArray } from './loss.js';
import type { Loss, SequencePlace } from './loss.js';
import type { Example, MicroBatchShape } from './sampling/sampler.js';

/** Names of the loss's inputs. */
const named = (name: string): string => `decoder.${name}`;

/**
 * A sequence's labels are its original tokens without the first, `cls`. The decoder reads the
 * original tokens without the last, each of which predicts the next, and lies in the same row as
 * the encoder's sequence. N = batchSize * sequenceLength; beside the encoder's inputs (`decoder.`
 * and their names, with a causal bias):
 *
 *     decoder.membership    float32 [batchSize, sequenceLength, sequencesPerRow]
 *     decoder.labels        int32 [N]
 *     decoder.labelWeights  float32 [N]   0 at padding
 */
export function denoising(config: EncoderConfig): Loss {
  const read = encoderInputNames(config);
  return {
    name: 'denoising',
    parameters: decoderSpecs(config),
    fits: () => true,
    passes: (example) => labelsOf(example).length,
    build({ scope, pooled, input, shape }) {
      const { batchSize, sequenceLength, sequencesPerRow } = shape;
      const tokens = [batchSize * sequenceLength];
      const ids = (name: string) => () => input(named(name), 'int32', tokens);
      const inputs = makeEncoderInputs(config, {
        inputIds: ids('inputIds'),
        positionIds: ids('positionIds'),
        tokenTypeIds: ids('tokenTypeIds'),
        attentionBias: () => input(named('attentionBias'), 'float32', causalBiasShape(shape)),
      });
      const places = [batchSize, sequenceLength, sequencesPerRow];
      const hidden = decode(scope, inputs, {
        embeddings: pooled(),
        membership: input(named('membership'), 'float32', places),
      });
      const decoder = {
        ...maskedLmHead(scope, hidden),
        labels: input(named('labels'), 'int32', tokens),
        weights: input(named('labelWeights'), 'float32', tokens),
      };
      const { graph } = scope;
      return {
        loss: decoderLoss(graph, decoder),
        correct: () => decoderCorrect(graph, decoder),
      };
    },
    fill(inputs, places, scale, shape) {
      const sequences = decoded(places, shape);
      const arrayOf = (name: (typeof read)[number]) =>
        read.includes(name) ? inputArray(inputs, named(name)) : undefined;
      const tokens = {
        inputIds: inputArray(inputs, named('inputIds')),
        positionIds: arrayOf('positionIds'),
        tokenTypeIds: arrayOf('tokenTypeIds'),
        attentionBias: inputArray(inputs, named('attentionBias')),
      };
      fillTokens(tokens, sequences, shape, config, true);
      const membership = inputArray(inputs, named('membership')).fill(0);
      const labels = inputArray(inputs, named('labels')).fill(0);
      const labelWeights = inputArray(inputs, named('labelWeights')).fill(0);
      for (const { example, ids, start, place } of sequences) {
        labels.set(labelsOf(example), start);
        labelWeights.fill(scale * weightOf(example), start, start + ids.length);
        for (let i = start; i < start + ids.length; i++) {
          membership[i * shape.sequencesPerRow + place] = 1;
        }
      }
    },
  };
}

interface DecodedSequence {
  readonly example: Example;
  /** What the decoder reads. */
  readonly ids: Int32Array;
  /** Index of its first token, among batchSize * sequenceLength. */
  readonly start: number;
  /** Its index within the row. */
  readonly place: number;
}

/** The sequences follow each other in their rows. */
function decoded(
  places: readonly SequencePlace[],
  { sequenceLength, sequencesPerRow }: MicroBatchShape,
): DecodedSequence[] {
  let [row, next] = [-1, 0];
  return places.map(({ example, sequence }) => {
    const ownRow = Math.floor(sequence / sequencesPerRow);
    if (ownRow !== row) [row, next] = [ownRow, ownRow * sequenceLength];
    const labels = labelsOf(example);
    const ids = new Int32Array(labels.length);
    ids.set(example.inputIds.subarray(0, 1));
    ids.set(labels.subarray(0, -1), 1);
    const start = next;
    next += ids.length;
    return { example, ids, start, place: sequence % sequencesPerRow };
  });
}

const none = new Int32Array(0);

function labelsOf({ targets }: Example): Int32Array {
  return Int32Array.from(targets.denoising?.labels ?? none);
}

function weightOf({ targets }: Example): number {
  return targets.denoising?.weight ?? 0;
}
