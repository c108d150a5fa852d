/** The reference models of test/golden, their batches, and their numbers. */
import { parseEncoderConfig } from '../../../src/core/encoder/huggingFaceConfig.js';
import { firstPosition } from '../../../src/core/encoder/positions.js';
import type { EncoderConfig } from '../../../src/core/encoder/config.js';
import { parameterSpecs } from '../../../src/core/encoder/declarations.js';
import type { ParameterSpec } from '../../../src/core/encoder/parameters.js';
import type { MicroBatchShape } from '../../../src/core/objectives/sampling/sampler.js';
import bertFile from '../../golden/bert/bert.json' with { type: 'json' };
import camembertFile from '../../golden/camembert/camembert.json' with { type: 'json' };
import distilbertFile from '../../golden/distilbert/distilbert.json' with { type: 'json' };
import modernbertFile from '../../golden/modernbert/modernbert.json' with { type: 'json' };
import nomicBertFile from '../../golden/nomicBert/nomicBert.json' with { type: 'json' };
import electraFile from '../../golden/electra/electra.json' with { type: 'json' };
import megatronBertFile from '../../golden/megatronBert/megatronBert.json' with { type: 'json' };
import mpnetFile from '../../golden/mpnet/mpnet.json' with { type: 'json' };
import robertaFile from '../../golden/roberta/roberta.json' with { type: 'json' };
import xlmRobertaFile from '../../golden/xlmRoberta/xlmRoberta.json' with { type: 'json' };
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
  /** Of the last layer, packed, [examples, sequence, hiddenSize]. */
  readonly hiddenStates: string;
  /** Their means over the attention mask. */
  readonly embedding: readonly number[];
  readonly losses: readonly number[];
  readonly gradients: Readonly<Record<string, string>>;
  readonly afterThreeSteps: Readonly<Record<string, string>>;
}

export interface Reference {
  readonly golden: GoldenFile;
  readonly config: EncoderConfig;
  readonly specs: readonly ParameterSpec[];
  readonly batchSize: number;
  readonly sequenceLength: number;
  readonly shape: MicroBatchShape;
  readonly attentionMask: readonly number[];
  readonly goldenParameters: () => Map<string, Float32Array>;
  readonly goldenBatch: () => Batch;
}

function reference(file: unknown): Reference {
  const golden = file as GoldenFile;
  const config = parseEncoderConfig(golden.config);
  const specs = parameterSpecs(config, { mlmHead: true });
  const batchSize = golden.inputIds.length;
  const sequenceLength = golden.inputIds[0]!.length;
  const attentionMask = golden.inputIds.flat().map((id) => (id === config.padTokenId ? 0 : 1));
  return {
    golden,
    config,
    specs,
    batchSize,
    sequenceLength,
    // One slot more than there are masked positions.
    shape: {
      batchSize,
      sequenceLength,
      sequencesPerRow: 1,
      predictions: golden.predictions.length + 1,
    },
    attentionMask,
    /** The formula of maskedLmReference.py, over the names in alphabetical order. */
    goldenParameters() {
      const sorted = [...specs].sort((a, b) => (a.name < b.name ? -1 : 1));
      return new Map(sorted.map((spec, index) => [spec.name, formula(spec, index)]));
    },
    goldenBatch() {
      const weight = 1 / golden.predictions.length;
      const start = firstPosition(config);
      return {
        inputIds: Int32Array.from(golden.inputIds.flat()),
        positionIds: Int32Array.from(
          golden.inputIds.flatMap((row) =>
            row.map((id, i) => (id === config.padTokenId ? Math.max(0, start - 1) : start + i)),
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
    },
  };
}

export function unpack(base64: string | undefined): Float32Array {
  const bytes = Uint8Array.from(Buffer.from(base64!, 'base64'));
  return new Float32Array(bytes.buffer);
}

export function formula({ name, shape: dimensions }: ParameterSpec, index: number): Float32Array {
  const offset = /(norm\d?|ln)\.weight$/i.test(name) ? 1 : 0;
  const values = new Float32Array(dimensions.reduce((a, b) => a * b, 1));
  return values.map(
    (_, i) => offset + (((i * 7919 + (index + 1) * 104729) % 2003) / 2003 - 0.5) * 0.25,
  );
}

export const roberta = reference(robertaFile);
export const bert = reference(bertFile);
export const distilbert = reference(distilbertFile);
export const modernbert = reference(modernbertFile);
export const nomicBert = reference(nomicBertFile);
export const mpnet = reference(mpnetFile);
export const electra = reference(electraFile);

/** A model of every family, for tests of what holds for all. */
export const references: readonly (readonly [string, Reference])[] = [
  ['RoBERTa', roberta],
  ['BERT', bert],
  ['DistilBERT', distilbert],
  ['XLM-RoBERTa', reference(xlmRobertaFile)],
  ['CamemBERT', reference(camembertFile)],
  ['MPNet', mpnet],
  ['Megatron-BERT', reference(megatronBertFile)],
  ['ELECTRA', electra],
  ['ModernBERT', modernbert],
  ['NomicBERT', nomicBert],
];

/** The RoBERTa, for tests that need only one model. */
export const {
  golden,
  config,
  specs,
  batchSize,
  sequenceLength,
  shape,
  attentionMask,
  goldenParameters,
  goldenBatch,
} = roberta;
