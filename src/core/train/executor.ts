/** Runs the graphs of micro-batches: their arrays, their sessions, and the order of a run. */
import type { Example, MicroBatchGraph, MicroBatchShape } from '../objectives/objective.js';
import type { ObjectiveParts, GraphPurpose } from '../objectives/microBatchGraph.js';
import { microBatchGraph } from '../objectives/microBatchGraph.js';
import { fillMicroBatch } from '../objectives/fillMicroBatch.js';
import type { MicroBatchWeights } from '../objectives/fillMicroBatch.js';
import { predictionSlots } from '../objectives/masking.js';
import type { EncoderConfig } from '../encoder/config.js';
import type { LoraSettings } from '../encoder/lora.js';
import type { ParameterSpec } from '../encoder/parameters.js';
import { createBuffers, graphBufferBytes } from './buffers.js';
import type { GraphBuffers } from './buffers.js';
import type { HeldParameters } from './parameterMemory.js';
import { activationBytes } from './plan.js';
import { createSessionCache } from './sessions.js';

export interface GraphLayout {
  readonly config: EncoderConfig;
  readonly graphs: readonly LaidOutGraph[];
  /** Of the arrays that all graphs share. */
  readonly bufferBytes: number;
}

export interface LaidOutGraph {
  /** Index of the sampler's shape. */
  readonly index: number;
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
  readonly mlmProbability: number;
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
    options.shapes.map((whole, index): LaidOutGraph => {
      const shape = cutShape(whole, options.split, options.mlmProbability);
      const graph = microBatchGraph(config, objective, shape, {
        purpose,
        lowering: 'cpu',
        dropout,
        lora,
        isTrained,
      });
      const embeddingShape = [shape.batchSize, config.hiddenSize] as const;
      const sessionBytes = activationBytes(config, shape, purpose);
      return { index, purpose, shape, graph, embeddingShape, sessionBytes };
    }),
  );
  const bytes = graphs.map(({ graph, embeddingShape }) => graphBufferBytes(graph, embeddingShape));
  return { config, graphs, bufferBytes: Math.max(...bytes) };
}

function cutShape(shape: MicroBatchShape, split: number, mlmProbability: number): MicroBatchShape {
  if (split === 1) return shape;
  const { sequenceLength, predictions } = shape;
  const batchSize = Math.ceil(shape.batchSize / split);
  return {
    batchSize,
    sequenceLength,
    predictions: predictions === 0 ? 0 : predictionSlots(batchSize, sequenceLength, mlmProbability),
  };
}

export interface Executed {
  readonly buffers: GraphBuffers;
  /** Useful operations, padding taken off. */
  readonly flops: number;
  readonly tokens: number;
}

export interface Executor {
  /** Examples that a run of a shape takes. */
  capacity(index: number): number;
  /** Whether training a shape does anything: a sequence without predictions may only meet frozen parameters. */
  teaches(index: number): boolean;
  /** Useful operations that an example of a shape takes, all purposes together. */
  operations(index: number): number;
  /**
   * Fills the inputs and runs the graph. The arrays belong to the next run afterwards.
   *
   * @param fillDropout called once the graph's arrays are known
   */
  run(
    purpose: GraphPurpose,
    index: number,
    examples: readonly Example[],
    weights: MicroBatchWeights,
    fillDropout?: (dropout: GraphBuffers['dropout']) => void,
  ): Promise<Executed>;
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
      (laidOut) => laidOut.index === index && (purpose === null || laidOut.purpose === purpose),
    );
  return {
    capacity: (index) => graphs[find(null, index)]!.shape.batchSize,
    teaches(index) {
      const { gradients, losses } = graphs[find('train', index)]!.graph;
      return gradients.length > 0 || Object.keys(losses).length > 0;
    },
    operations: (index) =>
      graphs
        .filter((laidOut) => laidOut.index === index)
        .reduce((sum, { graph, shape }) => sum + graph.flops / shape.batchSize, 0),
    async run(purpose, index, examples, weights, fillDropout) {
      const place = find(purpose, index);
      const { graph, shape } = graphs[place]!;
      const own = buffers[place]!;
      fillMicroBatch(own.inputs, examples, shape, config, weights);
      fillDropout?.(own.dropout);
      const session = await sessions.get(place);
      await session.run(own.feeds, own.outputs);
      const tokens = examples.reduce((sum, { inputIds }) => sum + inputIds.length, 0);
      const share = tokens / (shape.batchSize * shape.sequenceLength);
      return { buffers: own, flops: graph.flops * share, tokens };
    },
    release: () => sessions.release(),
  };
}

/** Examples of one run, and where they stand in their step. */
export interface StepPart {
  readonly shape: number;
  readonly examples: readonly Example[];
  /** Number of the first one within the step, however the step is cut. */
  readonly firstExample: number;
}

export function cutStep(
  microBatches: readonly { readonly shape: number; readonly examples: readonly Example[] }[],
  executor: Pick<Executor, 'capacity'>,
): StepPart[] {
  const parts: StepPart[] = [];
  let firstExample = 0;
  for (const { shape, examples } of microBatches) {
    const size = executor.capacity(shape);
    for (let start = 0; start < examples.length; start += size) {
      const part = examples.slice(start, start + size);
      parts.push({ shape, examples: part, firstExample: firstExample + start });
    }
    firstExample += examples.length;
  }
  return parts;
}

/** From the rows of a micro-batch to those of the step. */
export function copyEmbeddings(
  from: Float32Array,
  { examples }: StepPart,
  to: Float32Array,
  width: number,
): void {
  examples.forEach(({ row }, i) => {
    if (row >= 0) to.set(from.subarray(i * width, (i + 1) * width), row * width);
  });
}
