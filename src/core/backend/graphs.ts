/** A run's graphs: one per purpose and micro-batch shape. */
import type { ParameterSpec } from '../encoder/parameters.js';
import type { Lowering } from '../graph/graph.js';
import { microBatchGraph } from '../objectives/microBatchGraph.js';
import type { GraphPass, GraphPurpose, MicroBatchGraph } from '../objectives/microBatchGraph.js';
import type { Pack } from '../objectives/packs.js';
import type { Example, ExampleRow, MicroBatchShape } from '../objectives/sampling/sampler.js';
import type { GraphWork, TrainingWork } from './backend.js';

export interface LaidOutGraph {
  /**
   * Indices of the sampler's shapes. Shapes may share a graph for embedding, which predicts
   * nothing.
   */
  readonly indices: readonly number[];
  readonly purpose: GraphPurpose;
  readonly shape: MicroBatchShape;
  readonly graph: MicroBatchGraph;
  /** Shape of the embeddings, if the graph has them. */
  readonly embeddingShape: readonly [number, number];
}

interface GraphChoices {
  readonly purposes: readonly GraphPurpose[];
  readonly lowering: Lowering;
  readonly isTrained: (spec: ParameterSpec) => boolean;
  readonly dropout: boolean;
  /** Runs per micro-batch. */
  readonly split: number;
  readonly packs: readonly Pack[];
}

/**
 * The graphs that training runs: a step loss adds a pass that computes embeddings.
 *
 * @param packs in which the device keeps parameters
 */
export function layOutTraining(
  work: TrainingWork,
  lowering: Lowering,
  split: number,
  packs: readonly Pack[] = [],
): LaidOutGraph[] {
  const { objective, isTrained } = work;
  const purposes: GraphPurpose[] = objective.stepLoss === null ? ['train'] : ['train', 'embed'];
  return layOutGraphs(work, { purposes, lowering, isTrained, dropout: true, split, packs });
}

/** What is done without dropout, and without changing parameters. */
export type FixedPurpose = Exclude<GraphPurpose, 'train'>;

/** The graphs that measure losses or embed, without dropout. */
export function layOutFixed(
  work: GraphWork,
  purpose: FixedPurpose,
  lowering: Lowering,
  split: number,
  packs: readonly Pack[] = [],
): LaidOutGraph[] {
  const isTrained = (): boolean => false;
  const dropout = false;
  return layOutGraphs(work, { purposes: [purpose], lowering, isTrained, dropout, split, packs });
}

function layOutGraphs(work: GraphWork, choices: GraphChoices): LaidOutGraph[] {
  const { config, objective, lora, poolings } = work;
  const { purposes, split, ...options } = choices;
  return purposes.flatMap((purpose) =>
    distinctShapes(work.shapes, purpose).map(({ whole, indices }): LaidOutGraph => {
      const shape = cutShape(whole, split);
      const graph = microBatchGraph(config, objective, shape, {
        purpose,
        lora,
        poolings,
        ...options,
      });
      const sequences = shape.batchSize * shape.sequencesPerRow;
      return { indices, purpose, shape, graph, embeddingShape: [sequences, config.hiddenSize] };
    }),
  );
}

/** What the graphs alone say of a runner; shapes are indices into the sampler's. */
export interface GraphFacts {
  /** Rows that a run of a shape takes. */
  capacity(shape: number): number;
  /** Whether training a shape does anything: without predictions it may only meet frozen parameters. */
  teaches(shape: number): boolean;
  /** Useful operations per row of a shape, all purposes together. */
  operations(shape: number): number;
}

export function graphFacts(graphs: readonly LaidOutGraph[]): GraphFacts {
  return {
    capacity: (shape) => graphs[graphFor(graphs, null, shape)]!.shape.batchSize,
    teaches(shape) {
      const { gradients, packs, losses } = graphs[graphFor(graphs, 'train', shape)]!.graph;
      const moves = gradients.length > 0 || packs.some(({ gradient }) => gradient !== null);
      return moves || losses.length > 0;
    },
    operations: (shape) =>
      graphs
        .filter(({ indices }) => indices.includes(shape))
        .reduce((sum, each) => sum + each.graph.flops / each.shape.batchSize, 0),
  };
}

/** Whether micro-batches are single rows. */
export function isFinest(shapes: readonly MicroBatchShape[], split: number): boolean {
  return shapes.every(({ batchSize }) => batchSize <= split);
}

/**
 * Index of the graph for a shape; with a `purpose` of `null` any will do, since all are split
 * alike.
 */
export function graphFor(
  graphs: readonly LaidOutGraph[],
  purpose: GraphPurpose | null,
  shape: number,
): number {
  const place = graphs.findIndex(
    ({ indices, ...laidOut }) =>
      indices.includes(shape) && (purpose === null || laidOut.purpose === purpose),
  );
  if (place < 0) throw new RangeError(`There is no graph for shape ${shape}.`);
  return place;
}

/**
 * The useful part of a run's work: each token attends only to its own sequence, whatever shares its
 * row. Tokens are those that the encoder reads.
 */
export function usefulWork(
  { graph: { passes }, shape: { batchSize, sequenceLength } }: LaidOutGraph,
  rows: readonly ExampleRow[],
): { readonly tokens: number; readonly flops: number } {
  const examples = rows.flat();
  const places = batchSize * sequenceLength;
  const usefulFlops = ({ flops, attentionFlops, loss }: GraphPass): number => {
    const lengths = examples.map(loss?.passes ?? encodedTokens);
    const pairs = lengths.reduce((sum, length) => sum + length * length, 0);
    return (
      (flops - attentionFlops) * (total(lengths) / places) +
      attentionFlops * (pairs / (places * sequenceLength))
    );
  };
  return {
    tokens: total(examples.map(encodedTokens)),
    flops: total(passes.map(usefulFlops)),
  };
}

const encodedTokens = ({ inputIds }: Example): number => inputIds.length;

const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

function distinctShapes(shapes: readonly MicroBatchShape[], purpose: GraphPurpose) {
  const distinct = new Map<string, { whole: MicroBatchShape; indices: number[] }>();
  shapes.forEach((shape, index) => {
    const whole = purpose === 'embed' ? { ...shape, predictions: 0 } : shape;
    const key = JSON.stringify(whole);
    const known = distinct.get(key) ?? { whole, indices: [] };
    distinct.set(key, known);
    known.indices.push(index);
  });
  return [...distinct.values()];
}

function cutShape(shape: MicroBatchShape, split: number): MicroBatchShape {
  const batchSize = Math.ceil(shape.batchSize / split);
  const predictions = Math.ceil((shape.predictions / shape.batchSize) * batchSize);
  return { ...shape, batchSize, predictions };
}
