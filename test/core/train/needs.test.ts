import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parameterSpecs } from '../../../src/core/encoder/declarations.js';
import {
  comparisonBytes,
  freeDiskBytes,
  microBatchTokens,
  needsOfRun,
  refuseLack,
  sessionMemoryBytes,
} from '../../../src/core/train/needs.js';
import { stateBytes } from '../../../src/core/backend/state.js';
import { toyConfig } from './toyCorpus.js';

const small = {
  ...toyConfig,
  vocabularySize: 8192,
  hiddenSize: 256,
  hiddenLayers: 4,
  attentionHeads: 4,
  intermediateSize: 1024,
  maxPositionEmbeddings: 514,
};
const base = {
  ...small,
  vocabularySize: 50_265,
  hiddenSize: 768,
  hiddenLayers: 12,
  attentionHeads: 12,
  intermediateSize: 3072,
};
const specsOf = (config: typeof small) => parameterSpecs(config, { mlmHead: true });

const needs = (stepLossBytes: number) => ({
  memory: { state: stateBytes(specsOf(small)), buffers: 50e6, largestSession: 300e6 },
  stepLossBytes,
  parameterCount: 8e6,
  checkpoints: 2,
  writtenBytes: 0,
});

describe('microBatchTokens', () => {
  it('takes a whole small batch at once, and cuts that of a large model', () => {
    expect(microBatchTokens(specsOf(small), 2048)).toBe(2048);
    const tokens = microBatchTokens(specsOf(base), 4096);
    expect(tokens).toBeGreaterThanOrEqual(32);
    expect(tokens).toBeLessThan(256);
    expect(tokens % 32).toBe(0);
  });

  it('never exceeds the batch', () => {
    expect(microBatchTokens(specsOf(small), 512)).toBe(512);
  });
});

describe('refuseLack', () => {
  const plan = needsOfRun(needs(0));

  it('says how much memory is missing', () => {
    const lacking = { memoryBytes: 200e6, diskBytes: null };
    expect(() => {
      refuseLack(plan, lacking, '/runs');
    }).toThrow(/needs about 0\.\d GB of memory and 0\.2 GB are there/);
  });

  it('says what to do when the comparison of a step takes it', () => {
    const comparing = needsOfRun(needs(comparisonBytes(8192)));
    expect(comparing.memoryBytes - plan.memoryBytes).toBeGreaterThan(2e9);
    expect(() => {
      refuseLack(comparing, { memoryBytes: 1e9, diskBytes: null }, '/runs');
    }).toThrow('close other programs, lower batchDocuments.');
    expect(() => comparisonBytes(20_000)).toThrow('compares 20000 embeddings');
  });

  it('says how much disk is missing', () => {
    const lacking = { memoryBytes: null, diskBytes: 100e6 };
    expect(() => {
      refuseLack(plan, lacking, '/runs');
    }).toThrow('on the disk of /runs and 0.1 GB are free');
  });

  it('accepts what fits, and what nobody can tell', () => {
    refuseLack(plan, { memoryBytes: 4e9, diskBytes: 4e9 }, '/runs');
    refuseLack(plan, { memoryBytes: null, diskBytes: null }, '/runs');
  });
});

describe('sessionMemoryBytes', () => {
  const plan = needsOfRun(needs(0));

  it('keeps as many sessions as memory allows, up to a limit, and always one', () => {
    expect(sessionMemoryBytes(plan, null)).toBe(1.5e9);
    expect(sessionMemoryBytes(plan, plan.memoryBytes)).toBe(300e6);
    expect(sessionMemoryBytes(plan, plan.memoryBytes + 500e6)).toBe(800e6);
    expect(sessionMemoryBytes(plan, 64e9)).toBe(1.5e9);
  });
});

describe('freeDiskBytes', () => {
  it('asks the disk of a folder that it makes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plan-'));
    try {
      expect(await freeDiskBytes(join(folder, 'new'))).toBeGreaterThan(0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('says so when the folder cannot be made', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'plan-'));
    try {
      await writeFile(join(folder, 'file'), '');
      await expect(freeDiskBytes(join(folder, 'file', 'new'))).rejects.toThrow();
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
