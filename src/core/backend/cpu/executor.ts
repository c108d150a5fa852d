/** Runs the graphs of micro-batches: their arrays, their sessions, and the order of a run. */
import type {
  ExampleRow,
  MicroBatchGraph,
  MicroBatchShape,
  SampledStep,
} from '../../objectives/objective.js';
import type { ObjectiveParts, GraphPurpose } from '../../objectives/microBatchGraph.js';
import { microBatchGraph } from '../../objectives/microBatchGraph.js';
import { fillMicroBatch } from '../../objectives/fillMicroBatch.js';
import type { MicroBatchWeights } from '../../objectives/fillMicroBatch.js';
import type { EncoderConfig } from '../../encoder/config.js';
import type { LoraSettings } from '../../encoder/lora.js';
import type { ParameterSpec } from '../../encoder/parameters.js';
import { createBuffers, graphBufferBytes } from './buffers.js';
import type { GraphBuffers } from './buffers.js';
import type { HeldParameters } from './parameterMemory.js';
import { activationBytes } from './activationBytes.js';
import { createSessionCache } from './sessions.js';

export interface GraphLayout {
  readonly config: EncoderConfig;
  readonly graphs: readonly LaidOutGraph[];
  /** Of the arrays that all graphs share. */
  readonly bufferBytes: number;
}

export interface LaidOutGraph {
  /** Indices of the sampler's shapes: embedding predicts nothing, so that shapes may share a graph. */
  readonly indices: readonly number[];
  readonly purpose: GraphPurpose;
  readonly shape: MicroBatchShape;
  readonly graph: MicroBatchGraph;
  readonly embeddingShape: readonly [number, number];
  /** What a session of it keeps. */
  readonly sessionBytes: number;
}

export interface LayoutOptions {
  readonly config: EncoderConfig;
  readonly objective: ObjectiveParts;
  readonly shapes: readonly MicroBatchShape[];
  readonly purposes: readonly GraphPurpose[];
  readonly isTrained: (spec: ParameterSpec) => boolean;
  readonly lora: LoraSettings | null;
  readonly dropout: boolean;
  /** Runs that a micro-batch is cut into. */
  readonly split: number;
}

export function layOutGraphs(options: LayoutOptions): GraphLayout {
  const { config, objective, purposes, isTrained, lora, dropout } = options;
  const graphs = purposes.flatMap((purpose) =>
    distinctShapes(options.shapes, purpose).map(({ whole, indices }): LaidOutGraph => {
      const shape = cutShape(whole, options.split);
      const graph = microBatchGraph(config, objective, shape, {
        purpose,
        lowering: 'cpu',
        dropout,
        lora,
        isTrained,
      });
      const sequences = shape.batchSize * shape.sequencesPerRow;
      const embeddingShape = [sequences, config.hiddenSize] as const;
      const sessionBytes = activationBytes(config, shape, purpose);
      return { indices, purpose, shape, graph, embeddingShape, sessionBytes };
    }),
  );
  const bytes = graphs.map(({ graph, embeddingShape }) => graphBufferBytes(graph, embeddingShape));
  return { config, graphs, bufferBytes: Math.max(...bytes) };
}

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

export interface Executed {
  readonly buffers: GraphBuffers;
  /** Useful operations, padding taken off. */
  readonly flops: number;
  readonly tokens: number;
}

export interface Executor {
  /** Rows that a run of a shape takes. */
  capacity(index: number): number;
  /** Whether training a shape does anything: a sequence without predictions may only meet frozen parameters. */
  teaches(index: number): boolean;
  /** Useful operations that a row of a shape takes, all purposes together. */
  operations(index: number): number;
  /**
   * Fills the inputs and runs the graph. The arrays belong to the next run afterwards.
   *
   * @param fillDropout called once the graph's arrays are known
   */
  run(
    purpose: GraphPurpose,
    index: number,
    rows: readonly ExampleRow[],
    weights: MicroBatchWeights,
    fillDropout?: (dropout: GraphBuffers['dropout']) => void,
  ): Promise<Executed>;
  /** From what a run gave for a part of the step to the rows of the step's embeddings. */
  copyEmbeddings(from: Float32Array, part: StepPart, to: Float32Array): void;
  release(): Promise<void>;
}

export interface ExecutorOptions {
  readonly layout: GraphLayout;
  readonly parameters: HeldParameters;
  /** At least `layout.bufferBytes` long. */
  readonly scratch: Float32Array;
  readonly threads: number;
  /** What the sessions that are kept may hold together. */
  readonly sessionLimitBytes: number;
}

export function createExecutor(options: ExecutorOptions): Executor {
  const { layout, parameters, scratch, threads } = options;
  const { config, graphs } = layout;
  const buffers = graphs.map(({ graph, embeddingShape }) =>
    createBuffers(graph, parameters, scratch, embeddingShape),
  );
  const sessions = createSessionCache(
    graphs.map(({ graph }) => graph.bytes),
    graphs.map(({ sessionBytes }) => sessionBytes),
    options.sessionLimitBytes,
    threads,
  );
  const find = (purpose: GraphPurpose | null, index: number): number =>
    graphs.findIndex(
      ({ indices, ...laidOut }) =>
        indices.includes(index) && (purpose === null || laidOut.purpose === purpose),
    );
  return {
    capacity: (index) => graphs[find(null, index)]!.shape.batchSize,
    teaches(index) {
      const { gradients, losses } = graphs[find('train', index)]!.graph;
      return gradients.length > 0 || Object.keys(losses).length > 0;
    },
    operations: (index) =>
      graphs
        .filter(({ indices }) => indices.includes(index))
        .reduce((sum, { graph, shape }) => sum + graph.flops / shape.batchSize, 0),
    async run(purpose, index, rows, weights, fillDropout) {
      const place = find(purpose, index);
      const { graph, shape } = graphs[place]!;
      const own = buffers[place]!;
      fillMicroBatch(own.inputs, rows, shape, config, weights);
      fillDropout?.(own.dropout);
      const session = await sessions.get(place);
      await session.run(own.feeds, own.outputs);
      const { tokens, flops } = usefulWork(graph, shape, rows);
      return { buffers: own, flops, tokens };
    },
    copyEmbeddings(from, { shape, rows }, to) {
      const { sequencesPerRow } = graphs[find(null, shape)]!.shape;
      const width = config.hiddenSize;
      rows.forEach((examples, r) => {
        examples.forEach(({ row }, i) => {
          const start = (r * sequencesPerRow + i) * width;
          if (row >= 0) to.set(from.subarray(start, start + width), row * width);
        });
      });
    },
    release: () => sessions.release(),
  };
}

/** Each token meets those of its own sequence only, whatever shares its row. */
function usefulWork(
  { flops, attentionFlops }: MicroBatchGraph,
  { batchSize, sequenceLength }: MicroBatchShape,
  rows: readonly ExampleRow[],
) {
  const lengths = rows.flat().map(({ inputIds }) => inputIds.length);
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  const pairs = lengths.reduce((sum, length) => sum + length * length, 0);
  const places = batchSize * sequenceLength;
  const useful =
    (flops - attentionFlops) * (tokens / places) +
    attentionFlops * (pairs / (places * sequenceLength));
  return { tokens, flops: useful };
}

/** Rows of one run, and where they stand in their step. */
export interface StepPart {
  readonly shape: number;
  readonly rows: readonly ExampleRow[];
  /** Number of the first one within the step, however the step is cut. */
  readonly firstRow: number;
}

export function cutStep(
  microBatches: SampledStep['microBatches'],
  executor: Pick<Executor, 'capacity'>,
): StepPart[] {
  const parts: StepPart[] = [];
  let firstRow = 0;
  for (const { shape, rows } of microBatches) {
    const size = executor.capacity(shape);
    for (let start = 0; start < rows.length; start += size) {
      const part = rows.slice(start, start + size);
      parts.push({ shape, rows: part, firstRow: firstRow + start });
    }
    firstRow += rows.length;
  }
  return parts;
}
