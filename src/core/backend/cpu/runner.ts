/** Runs the graphs of micro-batches over one memory: their arrays, their sessions, their gradients. */
import type { LossName } from '../../../protocol/catalogue/losses.js';
import type { EncoderConfig } from '../../encoder/config.js';
import { fillMicroBatch } from '../../objectives/fillMicroBatch.js';
import type { GraphPurpose, MicroBatchGraph } from '../../objectives/microBatchGraph.js';
import type { ExampleRow, MicroBatchShape } from '../../objectives/sampling/sampler.js';
import type { Losses } from '../backend.js';
import type { MicroBatchRunner } from '../microBatches.js';
import { createBuffers } from './buffers.js';
import type { GraphBuffers } from './buffers.js';
import type { GraphLayout } from './graphs.js';
import type { HeldParameters } from './parameterMemory.js';
import { createSessionCache } from './sessions.js';

export interface CpuRunner extends MicroBatchRunner {
  /** Useful operations that a row of a shape takes, all purposes together. */
  operations(shape: number): number;
  release(): Promise<void>;
}

export interface RunnerOptions {
  readonly config: EncoderConfig;
  readonly layout: GraphLayout;
  readonly parameters: HeldParameters;
  /** At least `layout.bufferBytes` long. */
  readonly scratch: Float32Array;
  readonly threads: number;
  /** What the sessions that are kept may hold together. */
  readonly sessionLimitBytes: number;
  /** Fills the masks of a run whose first row has this number within its step. */
  readonly fillDropout: (dropout: GraphBuffers['dropout'], step: number, firstRow: number) => void;
  /** Adds the rows of gradients that a run gave to the dense ones. */
  readonly addRows: (rows: GraphBuffers['rows']) => void;
}

export function createRunner(options: RunnerOptions): CpuRunner {
  const { config, layout, parameters, scratch, threads, fillDropout, addRows } = options;
  const { graphs } = layout;
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
      return gradients.length > 0 || losses.length > 0;
    },
    operations: (index) =>
      graphs
        .filter(({ indices }) => indices.includes(index))
        .reduce((sum, { graph, shape }) => sum + graph.flops / shape.batchSize, 0),
    async run(purpose, { shape: index, rows, firstRow }, { step, ...filling }) {
      const place = find(purpose, index);
      const { graph, shape } = graphs[place]!;
      const own = buffers[place]!;
      const losses = own.losses.map(({ loss }) => loss);
      fillMicroBatch(own.inputs, rows, shape, config, { losses, ...filling });
      fillDropout(own.dropout, step, firstRow);
      const session = await sessions.get(place);
      await session.run(own.feeds, own.outputs);
      addRows(own.rows);
      return {
        losses: valuesOf(own, ({ sum }) => sum),
        correct: valuesOf(own, ({ correct }) => correct),
        embeddings: own.embeddings,
        sequencesPerRow: shape.sequencesPerRow,
        ...usefulWork(graph, shape, rows),
      };
    },
    release: () => sessions.release(),
  };
}

function valuesOf(
  { losses }: GraphBuffers,
  which: (loss: GraphBuffers['losses'][number]) => Float32Array | null,
): Losses {
  const values: Partial<Record<LossName, number>> = {};
  for (const buffer of losses) {
    const value = which(buffer)?.[0];
    if (value !== undefined) values[buffer.loss.name] = value;
  }
  return values;
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
