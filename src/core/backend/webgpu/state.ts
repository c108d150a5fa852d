/**
 * Parameters, gradients and the two moments in the device's memory. Every run gives new tensors for
 * those it changes, in place of the old ones.
 */
import type { ParameterSpec } from '../../encoder/parameters.js';
import type { DeviceTensor } from '../../graph/session.js';
import type { OptimizerSettings } from '../backend.js';
import type { DeviceState } from '../microBatchTraining.js';
import { elementsOf, initialValues, stateSections } from '../state.js';
import type { RegionState } from '../state.js';
import { createOptimizer } from './optimizer.js';
import type { MovingState } from './optimizer.js';
import type { PackedRegion, StatePack } from './statePacks.js';
import { createTransfer } from './transfer.js';

export interface DeviceMemory extends Pick<
  DeviceState,
  | 'readState'
  | 'writeState'
  | 'readParameters'
  | 'clearGradients'
  | 'gradientNorm'
  | 'update'
  | 'isSound'
  | 'release'
> {
  /** A pack's values, or a frozen parameter. */
  values(name: string): DeviceTensor;
  /** A pack's gradients, accumulated so far. */
  gradient(pack: string): DeviceTensor;
  setGradient(pack: string, gradient: DeviceTensor): void;
}

interface HeldPack {
  readonly pack: StatePack;
  readonly decay: boolean;
  readonly rateFactor: number;
  /** A gradient of nothing yet; kept, so that clearing costs nothing. */
  readonly zeros: DeviceTensor;
  state: MovingState;
  gradient: DeviceTensor;
}

/** @param regions place the trained parameters of `specs`; the others are frozen */
export async function createDeviceMemory(
  specs: readonly ParameterSpec[],
  regions: readonly PackedRegion[],
  initial: ReadonlyMap<string, Float32Array>,
  optimizerSettings: OptimizerSettings,
): Promise<DeviceMemory> {
  const transfer = createTransfer();
  const optimizer = await createOptimizer(optimizerSettings);
  const held = new Map<string, HeldPack>();
  const frozen = new Map<string, DeviceTensor>();
  const packed = new Set<string>();

  const uploadFlat = (values: Float32Array): Promise<DeviceTensor> =>
    transfer.upload(values, [values.length]);
  /** A section's part for this pack, filled up to the pack's length. */
  const uploadPart = (pack: StatePack, part: Float32Array): Promise<DeviceTensor> => {
    if (part.length === pack.length) return uploadFlat(part);
    const filled = new Float32Array(pack.length);
    filled.set(part);
    return uploadFlat(filled);
  };

  for (const { decay, rateFactor, packs } of regions) {
    for (const pack of packs) {
      const values = new Float32Array(pack.length);
      for (const { spec, offset } of pack.members) {
        values.set(initialValues(spec, initial), offset);
        packed.add(spec.name);
      }
      const empty = new Float32Array(pack.length);
      const zeros = await uploadFlat(empty);
      const state = {
        values: await uploadFlat(values),
        moment1: await uploadFlat(empty),
        moment2: await uploadFlat(empty),
      };
      held.set(pack.name, { pack, decay, rateFactor, zeros, state, gradient: zeros });
    }
  }
  for (const spec of specs.filter(({ name }) => !packed.has(name))) {
    frozen.set(spec.name, await transfer.upload(initialValues(spec, initial), spec.shape));
  }

  function heldPack(name: string): HeldPack {
    const found = held.get(name);
    if (found === undefined) throw new RangeError(`There is no pack ${name}.`);
    return found;
  }

  function replaceGradient(own: HeldPack, gradient: DeviceTensor): void {
    if (own.gradient !== own.zeros) own.gradient.dispose();
    own.gradient = gradient;
  }

  function replaceState(own: HeldPack, state: MovingState): void {
    const before = own.state;
    own.state = state;
    for (const tensor of [before.values, before.moment1, before.moment2]) tensor.dispose();
  }

  async function sumOfSquares(tensors: readonly DeviceTensor[]): Promise<number> {
    let sum = 0;
    for (const tensor of tensors) sum += await optimizer.sumOfSquares(tensor);
    return sum;
  }

  async function download(tensor: DeviceTensor, length: number): Promise<Float32Array> {
    const values = new Float32Array(length);
    await transfer.download(tensor, values);
    return values;
  }

  /** Regions with the parts of each pack, in new arrays of the host. */
  async function partsOfRegions(
    part: (own: HeldPack) => Promise<RegionState>,
  ): Promise<RegionState[][]> {
    const parts: RegionState[][] = [];
    for (const { packs } of regions) {
      const own: RegionState[] = [];
      for (const { name } of packs) own.push(await part(heldPack(name)));
      parts.push(own);
    }
    return parts;
  }

  const memory: DeviceMemory = {
    values: (name) => held.get(name)?.state.values ?? frozenTensor(frozen, name),
    gradient: (name) => heldPack(name).gradient,
    setGradient(name, gradient) {
      replaceGradient(heldPack(name), gradient);
    },
    clearGradients() {
      for (const own of held.values()) replaceGradient(own, own.zeros);
    },
    async gradientNorm() {
      const moved = [...held.values()].filter(({ gradient, zeros }) => gradient !== zeros);
      return Math.sqrt(await sumOfSquares(moved.map(({ gradient }) => gradient)));
    },
    async update(step, learningRate, gradientScale) {
      for (const own of held.values()) {
        const { decay, rateFactor } = own;
        const rate = rateFactor * learningRate;
        const settings = { step, learningRate: rate, gradientScale, decay };
        replaceState(own, await optimizer.adamW(own.state, own.gradient, settings));
        replaceGradient(own, own.zeros);
      }
    },
    async isSound() {
      return Number.isFinite(
        await sumOfSquares([...held.values()].map(({ state: { values } }) => values)),
      );
    },
    async readState(read) {
      const parts = await partsOfRegions(async ({ pack: { stateLength }, state }) => ({
        values: await download(state.values, stateLength),
        moment1: await download(state.moment1, stateLength),
        moment2: await download(state.moment2, stateLength),
      }));
      return read(stateSections(parts));
    },
    async writeState(fill) {
      const empty = (length: number): Float32Array => new Float32Array(length);
      const parts = await partsOfRegions(({ pack: { stateLength } }) =>
        Promise.resolve({
          values: empty(stateLength),
          moment1: empty(stateLength),
          moment2: empty(stateLength),
        }),
      );
      if (!(await fill(stateSections(parts)))) return false;
      for (const [r, { packs }] of regions.entries()) {
        for (const [p, pack] of packs.entries()) {
          const { values, moment1, moment2 } = parts[r]![p]!;
          replaceState(heldPack(pack.name), {
            values: await uploadPart(pack, values),
            moment1: await uploadPart(pack, moment1),
            moment2: await uploadPart(pack, moment2),
          });
        }
      }
      memory.clearGradients();
      return true;
    },
    async readParameters() {
      const parameters = new Map<string, Float32Array>();
      for (const spec of specs.filter(({ name }) => !packed.has(name))) {
        parameters.set(spec.name, initialValues(spec, initial));
      }
      for (const { pack, state } of held.values()) {
        const values = await download(state.values, pack.stateLength);
        for (const { spec, offset } of pack.members) {
          parameters.set(spec.name, values.subarray(offset, offset + elementsOf(spec)));
        }
      }
      return parameters;
    },
    async release() {
      memory.clearGradients();
      for (const { zeros, state } of held.values()) {
        for (const tensor of [zeros, state.values, state.moment1, state.moment2]) tensor.dispose();
      }
      for (const tensor of frozen.values()) tensor.dispose();
      held.clear();
      frozen.clear();
      await optimizer.release();
      await transfer.release();
    },
  };
  return memory;
}

function frozenTensor(frozen: ReadonlyMap<string, DeviceTensor>, name: string): DeviceTensor {
  const tensor = frozen.get(name);
  if (tensor === undefined) throw new RangeError(`The graph wants an unknown parameter ${name}.`);
  return tensor;
}
