/** The reference model of test/golden/roberta, its batch, and its numbers. */
import { parseEncoderConfig } from '../../../src/core/encoder/config.js';
import { parameterSpecs } from '../../../src/core/encoder/parameters.js';
import type { ParameterSpec } from '../../../src/core/encoder/parameters.js';
import type { MicroBatchShape } from '../../../src/core/objectives/objective.js';
import file from '../../golden/roberta/roberta.json' with { type: 'json' };
import type { Batch } from './trainingHarness.js';

interface GoldenFile {
  readonly config: unknown;
  readonly inputIds: readonly (readonly number[])[];
  /** Example, position, label. */
  readonly predictions: readonly (readonly [number, number, number])[];
  readonly adamW: {
    readonly learningRate: number;
    readonly beta1: number;
    readonly beta2: number;
    readonly epsilon: number;
    readonly weightDecay: number;
  };
  readonly embedding: readonly number[];
  readonly losses: readonly number[];
  readonly gradients: Readonly<Record<string, string>>;
  readonly afterThreeSteps: Readonly<Record<string, string>>;
}

export const golden = file as unknown as GoldenFile;

export const config = parseEncoderConfig(golden.config);
export const specs = parameterSpecs(config, { mlmHead: true });
export const batchSize = golden.inputIds.length;
export const sequenceLength = golden.inputIds[0]!.length;
export const shape: MicroBatchShape = {
  batchSize,
  sequenceLength,
  // One slot more than there are masked positions.
  predictions: golden.predictions.length + 1,
};

export function unpack(base64: string | undefined): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(base64!, 'base64'));
  return new Float32Array(bytes.buffer);
}

/** The formula of makeRoberta.py, over the names in alphabetical order. */
export function goldenParameters(): Map<string, Float32Array> {
  const sorted = [...specs].sort((a, b) => (a.name < b.name ? -1 : 1));
  return new Map(sorted.map((spec, index) => [spec.name, formula(spec, index)]));
}

export function formula({ name, shape: dimensions }: ParameterSpec, index: number): Float32Array {
  const offset = /(LayerNorm|layer_norm)\.weight$/.test(name) ? 1 : 0;
  const values = new Float32Array(dimensions.reduce((a, b) => a * b, 1));
  return values.map(
    (_, i) => offset + (((i * 7919 + (index + 1) * 104729) % 2003) / 2003 - 0.5) * 0.25,
  );
}

export const attentionMask = golden.inputIds.flat().map((id) => (id === config.padTokenId ? 0 : 1));

export function goldenBatch(): Batch {
  const { padTokenId } = config;
  const weight = 1 / golden.predictions.length;
  return {
    inputIds: Int32Array.from(golden.inputIds.flat()),
    positionIds: Int32Array.from(
      golden.inputIds.flatMap((row) =>
        row.map((id, i) => (id === padTokenId ? padTokenId : padTokenId + 1 + i)),
      ),
    ),
    tokenTypeIds: new Int32Array(batchSize * sequenceLength),
    attentionBias: Float32Array.from(attentionMask, (kept) => (kept === 1 ? 0 : -1e4)),
    predictionRows: Int32Array.from([
      ...golden.predictions.map(([example, position]) => example * sequenceLength + position),
      0,
    ]),
    labels: Int32Array.from([...golden.predictions.map(([, , label]) => label), 5]),
    labelWeights: Float32Array.from([...golden.predictions.map(() => weight), 0]),
  };
}
