/** Runs micro-batch graphs on the device: fills their inputs, and takes the packs' new gradients. */
import type { LossName } from '../../../protocol/catalogue/losses.js';
import type { EncoderConfig } from '../../encoder/config.js';
import type { DeviceTensor, GraphSession } from '../../graph/session.js';
import { fillMicroBatch } from '../../objectives/fillMicroBatch.js';
import type { MicroBatchGraph } from '../../objectives/microBatchGraph.js';
import type { Losses } from '../backend.js';
import { createBuffers, graphBufferBytes } from '../cpu/buffers.js';
import type { LossBuffer } from '../cpu/buffers.js';
import { fillDropoutMasks } from '../cpu/dropout.js';
import { createKernelMemory } from '../cpu/kernels/memory.js';
import { createSessionCache } from '../cpu/sessions.js';
import type { DropoutKey } from '../dropoutKey.js';
import { graphFacts, graphFor, usefulWork } from '../graphs.js';
import type { LaidOutGraph } from '../graphs.js';
import type { DeviceRunner } from '../microBatchTraining.js';
import { openOnDevice } from './sessions.js';

export interface RunnerOptions {
  readonly config: EncoderConfig;
  readonly graphs: readonly LaidOutGraph[];
  /** Memory that each graph's session keeps. */
  readonly sessionBytes: readonly number[];
  /** Limit for all sessions kept. */
  readonly sessionLimitBytes: number;
  readonly dropout: DropoutKey;
  /** A pack's values, or a parameter. */
  readonly values: (name: string) => DeviceTensor;
  readonly gradients: {
    readonly gradient: (pack: string) => DeviceTensor;
    readonly setGradient: (pack: string, gradient: DeviceTensor) => void;
  } | null;
}

export function createRunner(options: RunnerOptions): DeviceRunner {
  const { config, graphs, values, gradients, dropout } = options;
  const memory = createKernelMemory(hostBytes(graphs));
  const scratch = memory.floats(hostBytes(graphs) / 4);
  const buffers = graphs.map(({ graph, embeddingShape }) =>
    createBuffers(batchOnly(graph), new Map(), scratch, embeddingShape),
  );
  const sessions = createSessionCache(
    options.sessionBytes,
    options.sessionLimitBytes,
    (place): Promise<GraphSession> =>
      openOnDevice(graphs[place]!.graph.bytes, gradientOutputs(graphs[place]!.graph)),
  );
  return {
    ...graphFacts(graphs),
    async run(purpose, { shape: index, rows, firstRow }, { step, ...filling }) {
      const place = graphFor(graphs, purpose, index);
      const laidOut = graphs[place]!;
      const { shape, graph } = laidOut;
      const own = buffers[place]!;
      const losses = own.losses.map(({ loss }) => loss);
      fillMicroBatch(own.inputs, rows, shape, config, {
        losses,
        tokenWeight: graph.tokenWeight,
        ...filling,
      });
      fillDropoutMasks(memory.kernels, own.dropout, dropout, step, firstRow);
      const session = await sessions.get(place);
      const state: Record<string, DeviceTensor> = {};
      for (const name of graph.parameters) state[name] = values(name);
      for (const { name, gradient } of graph.packs) {
        state[name] = values(name);
        if (gradient !== null) state[gradient.accumulator] = gradientsOf(gradients).gradient(name);
      }
      const kept = await session.runKeeping({ ...own.feeds, ...state }, own.outputs);
      for (const { name, gradient } of graph.packs) {
        if (gradient !== null) gradientsOf(gradients).setGradient(name, kept[gradient.output]!);
      }
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

/** Size of the arrays that all graphs share; only one graph runs at a time. */
export function hostBytes(graphs: readonly LaidOutGraph[]): number {
  return Math.max(
    ...graphs.map(({ graph, embeddingShape }) =>
      graphBufferBytes(batchOnly(graph), embeddingShape),
    ),
  );
}

/** Without parameters and gradients, which stay on the device. */
function batchOnly(graph: MicroBatchGraph): MicroBatchGraph {
  return { ...graph, parameters: [], packs: [], gradients: [] };
}

function gradientOutputs({ packs }: MicroBatchGraph): string[] {
  return packs.flatMap(({ gradient }) => (gradient === null ? [] : [gradient.output]));
}

function gradientsOf(gradients: RunnerOptions['gradients']) {
  if (gradients === null) throw new RangeError('Nothing holds gradients of fixed parameters.');
  return gradients;
}

function valuesOf(
  losses: readonly LossBuffer[],
  which: (loss: LossBuffer) => Float32Array | null,
): Losses {
  const found: Partial<Record<LossName, number>> = {};
  for (const buffer of losses) {
    const value = which(buffer)?.[0];
    if (value !== undefined) found[buffer.loss.name] = value;
  }
  return found;
}
