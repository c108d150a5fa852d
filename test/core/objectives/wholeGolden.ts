/** The cases of test/golden/objectives and test/golden/tsdae, and their examples in any micro-batches. */
import type { EncoderConfig } from '../../../src/core/encoder/config.js';
import { loraSpecs, parameterSpecs } from '../../../src/core/encoder/declarations.js';
import type { LoraSettings } from '../../../src/core/encoder/lora.js';
import type { ParameterSpec } from '../../../src/core/encoder/parameters.js';
import type { CategoryCount, Objective } from '../../../src/core/objectives/objective.js';
import { predictedPlaces } from '../../../src/core/objectives/sampling/sampler.js';
import type {
  Example,
  ExampleRow,
  MicroBatchShape,
  SampledStep,
  Sampler,
  Target,
} from '../../../src/core/objectives/sampling/sampler.js';
import { supConTargets } from '../../../src/core/objectives/supCon.js';
import type { LossName } from '../../../src/protocol/catalogue/losses.js';
import type { ObjectiveName } from '../../../src/protocol/catalogue/objectives.js';
import file from '../../golden/objectives/objectives.json' with { type: 'json' };
import tsdaeFile from '../../golden/tsdae/tsdae.json' with { type: 'json' };
import { bert, formula, roberta } from './golden.js';
import type { ReferenceNumbers } from './parityChecks.js';

interface Sequence {
  readonly inputIds: readonly number[];
  readonly positions: readonly number[];
  readonly labels: readonly number[];
  /** What is to be written from its embedding, where words were deleted. */
  readonly original?: readonly number[];
}

export interface WholeCase extends ReferenceNumbers {
  readonly name: string;
  readonly objective: ObjectiveName;
  /** RoBERTa where it is not given. */
  readonly model?: 'roberta' | 'bert';
  /** Overrides of a training configuration. */
  readonly training: { readonly lora?: LoraSettings | null; readonly [key: string]: unknown };
  readonly categories?: readonly CategoryCount[];
  /** Each loss by itself, before each of the steps. */
  readonly parts: readonly Readonly<Partial<Record<LossName, number>>>[];
  readonly notes?: readonly Sequence[];
  readonly noteCategories?: readonly (string | null)[];
  readonly anchors?: readonly Sequence[];
  /** Of the first anchor, then of the second. */
  readonly positives?: readonly Sequence[];
  /** The notes are whole, and so the objective's own sampler draws the reference's sequences. */
  readonly whole?: boolean;
}

export const wholeCases = [...file, ...tsdaeFile] as unknown as readonly WholeCase[];

export const mlmProbability = 0.4;

/** How a step is laid out. */
export interface Layout {
  /** Ascending; each example takes the shortest that holds it. */
  readonly lengths: readonly number[];
  /** Rows of a micro-batch. */
  readonly batchSize: number;
  /** 1 where it is not given. */
  readonly sequencesPerRow?: number;
}

/** As test/golden/objectives widens BERT's window. */
export function configOf({ model }: WholeCase): EncoderConfig {
  return model === 'bert' ? { ...bert.config, maxPositionEmbeddings: 12 } : roberta.config;
}

const byName = (a: ParameterSpec, b: ParameterSpec): number => (a.name < b.name ? -1 : 1);

/** With what the objective adds, numbered after the parameters of the model. */
export function parametersOf({ losses }: Objective, one: WholeCase) {
  const { lora } = one.training;
  const config = configOf(one);
  const specs = parameterSpecs(config, { mlmHead: true }).sort(byName);
  const added = [
    ...losses.flatMap(({ parameters }) => parameters),
    ...(lora === null || lora === undefined ? [] : loraSpecs(config, lora)),
  ];
  const all = [...specs, ...added.sort(byName)];
  return new Map(all.map((spec, i) => [spec.name, formula(spec, i)]));
}

/** The case's examples in every step, cut as `layout` says. */
export function fixedSampler(one: WholeCase, layout: Layout): Sampler {
  const lanes = lanesOf(one);
  const shapes: MicroBatchShape[] = [];
  const microBatches: { shape: number; rows: ExampleRow[] }[] = [];
  for (const examples of lanes) {
    const predicts = examples.some((example) => predictedPlaces(example) > 0);
    for (const [i, sequenceLength] of layout.lengths.entries()) {
      const shorter = layout.lengths[i - 1] ?? 0;
      const members = examples.filter((example) => {
        const length = lengthOf(example);
        return length > shorter && length <= sequenceLength;
      });
      if (members.length === 0) continue;
      const rows = rowsOf(members, sequenceLength, layout.sequencesPerRow ?? 1);
      const batchSize = Math.min(layout.batchSize, rows.length);
      shapes.push({
        batchSize,
        sequenceLength,
        sequencesPerRow: layout.sequencesPerRow ?? 1,
        predictions: predicts ? batchSize * sequenceLength : 0,
      });
      for (let start = 0; start < rows.length; start += batchSize) {
        const part = rows.slice(start, start + batchSize);
        microBatches.push({ shape: shapes.length - 1, rows: part });
      }
    }
  }
  const { stepInputs, stepWeight } = comparisonOf(one, capacityOf(one));
  return {
    shapes,
    stepsPerEpoch: 1,
    stepCapacity: capacityOf(one),
    step: () => ({ microBatches, stepInputs, stepWeight }),
  };
}

/** Tokens of its row that an example takes, read or to be written. */
function lengthOf({ inputIds, targets: { denoising } }: Example): number {
  return Math.max(inputIds.length, 1 + (denoising?.labels.length ?? 0));
}

/** In their order, as many in a row as fit. */
function rowsOf(
  examples: readonly Example[],
  sequenceLength: number,
  sequencesPerRow: number,
): Example[][] {
  const rows: Example[][] = [];
  let room = 0;
  for (const example of examples) {
    const last = rows.at(-1);
    const tokens = lengthOf(example);
    if (last !== undefined && tokens <= room && last.length < sequencesPerRow) last.push(example);
    else {
      rows.push([example]);
      room = sequenceLength;
    }
    room -= tokens;
  }
  return rows;
}

/** Room for one row more than there are. */
export function capacityOf({ anchors, notes }: WholeCase): number {
  return (anchors ?? notes!).length + 1;
}

/** Examples that share graphs: positives predict nothing. */
export function lanesOf(one: WholeCase): Example[][] {
  const { anchors, positives, notes, noteCategories } = one;
  if (anchors !== undefined) {
    return [
      anchors.map((sequence, row) => toExample(sequence, row)),
      positives!.map((sequence, i) => toExample(sequence, capacityOf(one) + i)),
    ];
  }
  return [
    notes!.map((sequence, row) => {
      const index = indexOf(one, noteCategories?.[row] ?? null);
      const example = toExample(sequence, row);
      if (index === null) return example;
      const weight = classWeights(one)[index]!;
      const category: Target = { labels: Int32Array.of(index), positions: null, weight };
      return { ...example, targets: { ...example.targets, category } };
    }),
  ];
}

function toExample({ inputIds, positions, labels, original }: Sequence, row: number): Example {
  if (original !== undefined) {
    const denoising = { labels: Int32Array.from(original.slice(1)), positions: null, weight: 1 };
    return { inputIds: Int32Array.from(inputIds), row, targets: { denoising } };
  }
  const mlm = { labels: Int32Array.from(labels), positions: Int32Array.from(positions), weight: 1 };
  return {
    inputIds: Int32Array.from(inputIds),
    row,
    targets: labels.length === 0 ? {} : { mlm },
  };
}

/** What the step loss reads beside the embeddings, with room for `capacity` anchors or notes. */
export function comparisonOf(
  one: WholeCase,
  capacity: number,
): Pick<SampledStep, 'stepInputs' | 'stepWeight'> {
  const { anchors, noteCategories } = one;
  if (anchors !== undefined) {
    const anchorWeights = new Float32Array(capacity).fill(1, 0, anchors.length);
    return { stepInputs: { anchorWeights }, stepWeight: anchors.length };
  }
  if (noteCategories === undefined) return { stepInputs: {}, stepWeight: 0 };
  const rows = noteCategories.map((category) => indexOf(one, category));
  const targets = supConTargets(rows, capacity, classWeights(one));
  return { stepInputs: { ...targets }, stepWeight: 1 };
}

function indexOf({ categories }: WholeCase, category: string | null): number | null {
  const index = (categories ?? []).findIndex(({ name }) => name === category);
  return index < 0 ? null : index;
}

function classWeights({ categories, training }: WholeCase): number[] {
  const counts = (categories ?? []).map(({ documents }) => documents);
  const total = counts.reduce((a, b) => a + b, 0);
  return counts.map((count) =>
    training['categoryWeights'] === 'balanced' ? total / (counts.length * count) : 1,
  );
}
