/** Places the trained parameters in packs, which are the tensors of the device's state. */
import type { ParameterSpec } from '../../encoder/parameters.js';
import type { Pack } from '../../objectives/packs.js';
import { paddedLength, stateRegions } from '../state.js';

/** A pack, all of whose members have the same weight decay and factor for the learning rate. */
export interface StatePack extends Pack {
  /** Number of values in the state's sections; the pack's own are filled up with zeros. */
  readonly stateLength: number;
}

export interface PackedRegion {
  readonly decay: boolean;
  readonly rateFactor: number;
  /** In the order of the region's parameters. */
  readonly packs: readonly StatePack[];
}

/**
 * Values of a pack, unless one parameter alone has more: 64 MiB, half of what every device binds to
 * one run of a kernel. ONNX Runtime binds larger tensors in pieces.
 */
const largestPack = 16 * 2 ** 20;

/** Lengths are multiples of this, so that norms are sums of rows of this many squares. */
export const rowLength = 1024;

interface OpenPack {
  readonly members: { readonly spec: ParameterSpec; readonly offset: number }[];
  length: number;
}

/** @param limit values of a pack */
export function planPacks(trained: readonly ParameterSpec[], limit = largestPack): PackedRegion[] {
  let count = 0;
  return stateRegions(trained).map(({ decay, rateFactor, members }) => {
    const open: OpenPack[] = [];
    for (const { spec } of members) {
      const length = paddedLength(spec);
      let last = open.at(-1);
      if (last === undefined || last.length + length > limit) {
        last = { members: [], length: 0 };
        open.push(last);
      }
      last.members.push({ spec, offset: last.length });
      last.length += length;
    }
    const packs = open.map(({ members: own, length }) => ({
      name: `pack.${count++}`,
      stateLength: length,
      length: Math.ceil(length / rowLength) * rowLength,
      members: own,
    }));
    return { decay, rateFactor, packs };
  });
}
