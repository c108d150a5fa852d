import { describe, expect, it } from 'vitest';
import { largestMemory } from '../../../../src/core/backend/cpu/kernels/memory.js';
import { planMemories } from '../../../../src/core/backend/cpu/memoryPlan.js';
import { stateBytes, stateRegions } from '../../../../src/core/backend/state.js';
import { parameterSpecs } from '../../../../src/core/encoder/declarations.js';
import type { ParameterSpec } from '../../../../src/core/encoder/parameters.js';
import { toyConfig } from '../../train/toyCorpus.js';

const toy = parameterSpecs(toyConfig, { mlmHead: true });
const xlmRobertaBase = parameterSpecs(
  {
    ...toyConfig,
    ...{ vocabularySize: 250_002, hiddenSize: 768, hiddenLayers: 12, attentionHeads: 12 },
    ...{ intermediateSize: 3072, maxPositionEmbeddings: 514 },
  },
  { mlmHead: true },
);

function namesOf(specs: readonly ParameterSpec[], bufferBytes: number, limit: number) {
  const plan = planMemories(specs, bufferBytes, limit);
  const all = plan.regions.flatMap(({ parts }) => parts);
  return { plan, names: all.flatMap(({ members }) => members.map(({ spec }) => spec.name)) };
}

describe('planMemories', () => {
  it('puts all of a small model and its buffers into one memory', () => {
    const { plan } = namesOf(toy, 6400, largestMemory);
    expect(plan.memories).toEqual([stateBytes(toy) + 6400]);
    expect(plan.regions.map(({ parts }) => parts.map(({ length }) => length))).toEqual(
      stateRegions(toy).map(({ length }) => [length]),
    );
  });

  it('keeps the order of the state, each parameter whole, whatever the size of a memory', () => {
    const order = stateRegions(toy).flatMap(({ members }) => members.map(({ spec }) => spec.name));
    const room = 200_000;
    const { plan, names } = namesOf(toy, 64_000, room);
    expect(names).toEqual(order);
    expect(plan.memories.length).toBeGreaterThan(2);
    expect(plan.memories.every((bytes) => bytes < room)).toBe(true);
    expect(plan.memories.reduce((sum, bytes) => sum + bytes, 0)).toBe(stateBytes(toy) + 64_000);
  });

  it('spans two memories for xlm-roberta-base, with room for the buffers beside its tables', () => {
    const { plan } = namesOf(xlmRobertaBase, 0.6e9, largestMemory);
    expect(stateBytes(xlmRobertaBase)).toBeGreaterThan(largestMemory);
    expect(plan.memories).toHaveLength(2);
    expect(plan.regions[0]!.parts[0]!.memory).toBe(0);
  });

  it('gives buffers a memory of their own where the first table leaves no room', () => {
    const { plan } = namesOf(xlmRobertaBase, 2e9, largestMemory);
    expect(plan.memories[0]).toBe(2e9);
    expect(plan.regions[0]!.parts[0]!.memory).toBe(1);
  });

  it('names a table that no memory holds, and buffers that none does', () => {
    expect(() => namesOf(xlmRobertaBase, 0, 2 ** 31)).toThrow(
      'Training roberta.embeddings.word_embeddings.weight (192.0 million values) needs 2.86 GiB and one table or matrix can use 2.00 GiB: set lora or freezeEmbeddings',
    );
    expect(() => namesOf(toy, 300_000, 200_000)).toThrow('lower maxLength');
  });
});
