/** Runs micro-batch graphs: manages their arrays, sessions and gradients. */
import type { LossName } from '../../../protocol/catalogue/losses.js';
import type { EncoderConfig } from '../../encoder/config.js';
import { createSession } from '../../graph/session.js';
import { fillMicroBatch } from '../../objectives/fillMicroBatch.js';
import type { Losses } from '../backend.js';
import { graphFacts, graphFor, usefulWork } from '../graphs.js';
import type { LaidOutGraph } from '../graphs.js';
import type { DeviceRunner } from '../microBatchTraining.js';
import { createBuffers } from './buffers.js';
import type { GraphBuffers, LossBuffer } from './buffers.js';
import type { StoredParameters } from './parameterMemory.js';
import { createSessionCache } from './sessions.js';

export interface RunnerOptions {
  readonly config: EncoderConfig;
  readonly graphs: readonly LaidOutGraph[];
  /** Memory that each graph's session keeps. */
  readonly sessionBytes: readonly number[];
  readonly parameters: StoredParameters;
  /** Memory for the arrays of any one of the graphs. */
  readonly scratch: Float32Array;
  readonly threads: number;
  /** Limit for all sessions kept. */
  readonly sessionLimitBytes: number;
  /** Fills the dropout masks of a run; `firstRow` is its first row's number within the step. */
  readonly fillDropout: (dropout: GraphBuffers['dropout'], step: number, firstRow: number) => void;
  /** Adds a run's row gradients to the dense ones. */
  readonly addRows: (rows: GraphBuffers['rows']) => void;
}

export function createRunner(options: RunnerOptions): DeviceRunner {
  const { config, graphs, parameters, scratch, threads, fillDropout, addRows } = options;
  const buffers = graphs.map(({ graph, embeddingShape }) =>
    createBuffers(graph, parameters, scratch, embeddingShape),
  );
  const sessions = createSessionCache(options.sessionBytes, options.sessionLimitBytes, (place) =>
    createSession(graphs[place]!.graph.bytes, { device: 'cpu', threads }),
  );
  return {
    ...graphFacts(graphs),
    async run(purpose, { shape: index, rows, firstRow }, { step, ...filling }) {
      const place = graphFor(graphs, purpose, index);
      const laidOut = graphs[place]!;
      const { shape } = laidOut;
      const own = buffers[place]!;
      const losses = own.losses.map(({ loss }) => loss);
      const { tokenWeight } = laidOut.graph;
      fillMicroBatch(own.inputs, rows, shape, config, { losses, tokenWeight, ...filling });
      fillDropout(own.dropout, step, firstRow);
      const session = await sessions.get(place);
      await session.run(own.feeds, own.outputs);
      addRows(own.rows);
      return {
        losses: valuesOf(own.losses, ({ sum }) => sum),
        correct: valuesOf(own.losses, ({ correct }) => correct),
        embeddings: own.embeddings,
        sequencesPerRow: shape.sequencesPerRow,
        ...usefulWork(laidOut, rows),
      };
    },
    release: () => sessions.release(),
  };
}

function valuesOf(
  losses: readonly LossBuffer[],
  which: (loss: LossBuffer) => Float32Array | null,
): Losses {
  const values: Partial<Record<LossName, number>> = {};
  for (const buffer of losses) {
    const value = which(buffer)?.[0];
    if (value !== undefined) values[buffer.loss.name] = value;
  }
  return values;
}
