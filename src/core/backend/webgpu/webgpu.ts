/**
 * Training on a graphics card through WebGPU: forward and backward passes, accumulation, clipping and
 * AdamW run there, and parameters, gradients and moments stay there. Only batches and dropout masks
 * go up, and only losses, embeddings and a norm come down, until a checkpoint reads the state.
 */
import type { ParameterSpec } from '../../encoder/parameters.js';
import { measureGemm } from '../../graph/gemmProbe.js';
import type { DeviceTensor } from '../../graph/session.js';
import { ownPasses } from '../../objectives/loss.js';
import type {
  Backend,
  EmbeddingWork,
  GraphWork,
  PrepareOptions,
  PreparedTraining,
  TrainingWork,
} from '../backend.js';
import { activationBytes } from '../cpu/activationBytes.js';
import { dropoutKey } from '../dropoutKey.js';
import { graphFacts, isFinest, layOutFixed, layOutTraining } from '../graphs.js';
import type { FixedPurpose, LaidOutGraph } from '../graphs.js';
import {
  embedInMicroBatches,
  embeddingOnly,
  evaluateInMicroBatches,
  trainInMicroBatches,
} from '../microBatchTraining.js';
import type { DeviceRunner } from '../microBatchTraining.js';
import { initialValues, stateBytes } from '../state.js';
import { createRunner, hostBytes } from './runner.js';
import { createDeviceMemory } from './state.js';
import { planPacks } from './statePacks.js';
import type { PackedRegion } from './statePacks.js';
import { createTransfer } from './transfer.js';

export const webgpu: Backend = {
  device: 'webgpu',
  layOut(work, split) {
    const trained = work.specs.filter(work.isTrained);
    const regions = planPacks(trained);
    const graphs = layOutTraining(work, 'webgpu', split, packsOf(regions));
    return {
      memory: {
        state: stateBytes(trained),
        buffers: hostBytes(graphs),
        largestSession: Math.max(...sessionBytes(work, graphs)),
      },
      isFinest: isFinest(work.shapes, split),
      operations: (shape) => graphFacts(graphs).operations(shape),
      prepare: (options) => prepareTraining(work, { graphs, regions, split }, options),
    };
  },
  async evaluate(work) {
    const fixed = await uploadFixed(work.specs, work.parameters);
    const runnerOf = (split: number) => fixed.runner(work, 'evaluate', split);
    const evaluation = await evaluateInMicroBatches(work, runnerOf, 1, () => Promise.resolve());
    return { ...evaluation, release: () => releaseBoth(evaluation, fixed) };
  },
  async embed(given) {
    const work = embeddingOnly(given);
    const fixed = await uploadFixed(given.specs, given.parameters);
    const runnerOf = (split: number) => fixed.runner(work, 'embed', split);
    const embedding = embedInMicroBatches(work, runnerOf, 1, () => Promise.resolve());
    return { ...embedding, release: () => releaseBoth(embedding, fixed) };
  },
  measurePeak: ({ now }) => measureGemm({ device: 'webgpu', threads: 1, now, probes: 2 }),
};

interface Releasable {
  release(): Promise<void>;
}

async function releaseBoth(first: Releasable, second: Releasable): Promise<void> {
  await first.release();
  await second.release();
}

interface Layout {
  readonly graphs: readonly LaidOutGraph[];
  readonly regions: readonly PackedRegion[];
  readonly split: number;
}

const packsOf = (regions: readonly PackedRegion[]) => regions.flatMap(({ packs }) => packs);

function sessionBytes({ config }: GraphWork, graphs: readonly LaidOutGraph[]): number[] {
  return graphs.map(({ shape, purpose, graph }) =>
    activationBytes(config, shape, purpose, ownPasses(graph.losses.map(({ loss }) => loss))),
  );
}

async function prepareTraining(
  work: TrainingWork,
  { graphs, regions, split }: Layout,
  { parameters: initial, sessionLimitBytes, onSplit }: PrepareOptions,
): Promise<PreparedTraining> {
  const memory = await createDeviceMemory(work.specs, regions, initial, work.optimizer);
  const packs = packsOf(regions);
  const values = (name: string): DeviceTensor => memory.values(name);
  const shared = { sessionLimitBytes, values, dropout: dropoutKey(work.seed) };
  return trainInMicroBatches(
    work,
    {
      ...memory,
      createRunner(parts) {
        const own = parts === split ? graphs : layOutTraining(work, 'webgpu', parts, packs);
        const bytes = sessionBytes(work, own);
        return createRunner({
          ...work,
          ...shared,
          graphs: own,
          sessionBytes: bytes,
          gradients: memory,
        });
      },
      createFixedRunner(other, purpose, parts) {
        const own = layOutFixed(other, purpose, 'webgpu', parts, packs);
        const bytes = sessionBytes(other, own);
        return createRunner({
          ...other,
          ...shared,
          graphs: own,
          sessionBytes: bytes,
          gradients: null,
        });
      },
    },
    split,
    onSplit,
  );
}

/** Limit for sessions that are used one after the other. */
const oneSession = 0;

/** Fixed parameters on the device, for evaluation and embedding. */
async function uploadFixed(
  specs: readonly ParameterSpec[],
  parameters: EmbeddingWork['parameters'],
) {
  const transfer = createTransfer();
  const tensors = new Map<string, DeviceTensor>();
  for (const spec of specs) {
    tensors.set(spec.name, await transfer.upload(initialValues(spec, parameters), spec.shape));
  }
  return {
    runner(work: GraphWork, purpose: FixedPurpose, split: number): DeviceRunner {
      const graphs = layOutFixed(work, purpose, 'webgpu', split);
      return createRunner({
        ...work,
        graphs,
        sessionBytes: sessionBytes(work, graphs),
        sessionLimitBytes: oneSession,
        dropout: [0, 0],
        values(name) {
          const tensor = tensors.get(name);
          if (tensor === undefined) throw new RangeError(`There is no parameter ${name}.`);
          return tensor;
        },
        gradients: null,
      });
    },
    async release(): Promise<void> {
      for (const tensor of tensors.values()) tensor.dispose();
      tensors.clear();
      await transfer.release();
    },
  };
}
