/**
 * Places the training state in as many WebAssembly memories as it needs. Values, gradient and
 * moments of a parameter lie together in one memory, in which the kernels update them.
 */
import { failure } from '../../base/errors.js';
import type { ParameterSpec } from '../../encoder/parameters.js';
import { elementsOf, paddedLength, stateBytes, stateRegions } from '../state.js';
import { usableBytes } from './kernels/memory.js';

export interface MemoryPlan {
  /** Bytes to allocate in each memory. The first holds the batch buffers. */
  readonly memories: readonly number[];
  readonly regions: readonly PlannedRegion[];
}

export interface PlannedRegion {
  readonly decay: boolean;
  readonly rateFactor: number;
  /** The region's parameters in their order, cut where another memory begins. */
  readonly parts: readonly PlannedPart[];
}

export interface PlannedPart {
  /** Index into `memories`. */
  readonly memory: number;
  /** Number of values, padding included. */
  readonly length: number;
  readonly members: readonly { readonly spec: ParameterSpec; readonly offset: number }[];
}

interface OpenPart {
  readonly memory: number;
  length: number;
  readonly members: { readonly spec: ParameterSpec; readonly offset: number }[];
}

/**
 * Fills one memory after the other, in the order of the state. The buffers come first, so that they
 * lie beside the embedding tables, to which rows of gradients are added.
 *
 * @param bufferBytes size of the batch buffers, which cannot be cut
 * @param limitBytes size of one memory
 */
export function planMemories(
  trained: readonly ParameterSpec[],
  bufferBytes: number,
  limitBytes: number,
): MemoryPlan {
  const room = usableBytes(limitBytes);
  if (bufferBytes > room) {
    throw failure(
      `The arrays of one micro-batch need ${gibibytes(bufferBytes)} and training can use ${gibibytes(limitBytes)} for them: lower maxLength.`,
    );
  }
  const memories = [bufferBytes];
  const regions = stateRegions(trained).map(({ decay, rateFactor, members }): PlannedRegion => {
    const parts: OpenPart[] = [];
    for (const { spec } of members) {
      const bytes = stateBytes([spec]);
      if (bytes > room) throw tooLarge(spec, bytes, limitBytes);
      if (memories.at(-1)! + bytes > room) memories.push(0);
      const memory = memories.length - 1;
      memories[memory]! += bytes;
      let part = parts.at(-1);
      if (part?.memory !== memory) {
        part = { memory, length: 0, members: [] };
        parts.push(part);
      }
      part.members.push({ spec, offset: part.length });
      part.length += paddedLength(spec);
    }
    return { decay, rateFactor, parts };
  });
  return { memories, regions };
}

function tooLarge(spec: ParameterSpec, bytes: number, limitBytes: number) {
  const million = (elementsOf(spec) / 1e6).toFixed(1);
  return failure(
    `Training ${spec.name} (${million} million values) needs ${gibibytes(bytes)} and one table or matrix can use ${gibibytes(limitBytes)}: set lora or freezeEmbeddings, or choose a model with a smaller vocabulary.`,
  );
}

const gibibytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(2)} GiB`;
