/** The graphs of a run, one for each shape and purpose, and what their sessions and arrays take. */
import type { GraphWork } from '../backend.js';
import type { ParameterSpec } from '../../encoder/parameters.js';
import { microBatchGraph } from '../../objectives/microBatchGraph.js';
import type { GraphPurpose, MicroBatchGraph } from '../../objectives/microBatchGraph.js';
import type { MicroBatchShape } from '../../objectives/sampling/sampler.js';
import { activationBytes } from './activationBytes.js';
import { graphBufferBytes } from './buffers.js';

export interface GraphLayout {
  readonly graphs: readonly LaidOutGraph[];
  /** Of the arrays that all graphs share. */
  readonly bufferBytes: number;
  /** Of the largest of their sessions. */
  readonly largestSessionBytes: number;
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

export interface GraphChoices {
  readonly purposes: readonly GraphPurpose[];
  readonly isTrained: (spec: ParameterSpec) => boolean;
  readonly dropout: boolean;
  /** Runs that a micro-batch is cut into. */
  readonly split: number;
}

export function layOutGraphs(work: GraphWork, choices: GraphChoices): GraphLayout {
  const { config, objective, lora } = work;
  const { purposes, isTrained, dropout, split } = choices;
  const graphs = purposes.flatMap((purpose) =>
    distinctShapes(work.shapes, purpose).map(({ whole, indices }): LaidOutGraph => {
      const shape = cutShape(whole, split);
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
  const buffers = graphs.map(({ graph, embeddingShape }) =>
    graphBufferBytes(graph, embeddingShape),
  );
  return {
    graphs,
    bufferBytes: Math.max(...buffers),
    largestSessionBytes: Math.max(...graphs.map(({ sessionBytes }) => sessionBytes)),
  };
}

/** Whether micro-batches are single rows. */
export function isFinest(shapes: readonly MicroBatchShape[], split: number): boolean {
  return shapes.every(({ batchSize }) => batchSize <= split);
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
