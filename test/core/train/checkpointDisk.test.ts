/** Checkpoints on a disk that is counted byte by byte, or fails. */
import { readdirSync, statSync } from 'node:fs';
import type * as fsPromises from 'node:fs/promises';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { elementsOf } from '../../../src/core/backend/state.js';
import { train } from '../../../src/core/train/trainer.js';
import { prepareRun } from '../../../src/core/train/trainingRun.js';
import { toyRun } from './toyRun.js';

const disk = vi.hoisted(() => ({
  onRemove: (): void => undefined,
  /** A file whose name ends so fails at reading or at writing. */
  fails: null as { name: string; method: 'read' | 'writeFile' } | null,
}));

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof fsPromises>();
  const failing = (): Promise<never> =>
    Promise.reject(Object.assign(new Error('i/o error'), { code: 'EIO' }));
  return {
    ...real,
    rm: (...args: Parameters<typeof fsPromises.rm>) => {
      disk.onRemove();
      return real.rm(...args);
    },
    open: async (...args: Parameters<typeof fsPromises.open>) => {
      const file = await real.open(...args);
      const { fails } = disk;
      if (fails !== null && String(args[0]).includes(fails.name)) file[fails.method] = failing;
      return file;
    },
  };
});

let checkpointFolder: string;
beforeEach(async () => {
  checkpointFolder = await mkdtemp(join(tmpdir(), 'checkpoint-disk-'));
});
afterEach(async () => {
  disk.onRemove = () => undefined;
  disk.fails = null;
  await rm(checkpointFolder, { recursive: true });
});

describe('the disk that a plan asks for', () => {
  it.each([
    ['the latest', {}, 3],
    // The first measurement stays the best.
    ['and the best', { earlyStoppingPatience: 9, earlyStoppingThreshold: 100 }, 4],
  ])('is what checkpoints take: %s and a new one', async (_, stopping, checkpoints) => {
    let most = 0;
    disk.onRemove = () => {
      const sizes = readdirSync(checkpointFolder).map(
        (name) => statSync(join(checkpointFolder, name)).size,
      );
      most = Math.max(
        most,
        sizes.reduce((a, b) => a + b, 0),
      );
    };
    const training = { maxSteps: 6, saveSteps: 1, saveTotalLimit: 2, evalSteps: 1, ...stopping };
    const options = toyRun('mlm', training, { checkpointFolder });
    const { needs, specs, prepared } = await prepareRun(options);
    await prepared.release();
    const model = specs.reduce((sum, spec) => sum + 8 * elementsOf(spec), 0);
    const planned = needs.diskBytes - model;
    await train(options);
    // Beside the numbers each has a header of a few thousand bytes.
    expect(most).toBeGreaterThan(planned);
    expect(most).toBeLessThan(planned + checkpoints * 4096);
  });
});

describe('a disk that fails', () => {
  const training = { maxSteps: 6, saveSteps: 2 };
  const options = (resume: boolean, onNote?: (sentence: string) => void) =>
    toyRun('mlm', training, { checkpointFolder, resume, ...(onNote ? { onNote } : {}) });

  it('in reading the latest checkpoint: the run goes on from the one before', async () => {
    await train(options(false));
    disk.fails = { name: 'step-000000006', method: 'read' };
    const notes: string[] = [];
    const { steps } = await train(options(true, (sentence) => notes.push(sentence)));
    expect(steps).toBe(6);
    expect(notes).toEqual([expect.stringContaining('went on from step 4')]);
  });

  it('in writing one: the run ends in a sentence, and the one before is kept', async () => {
    disk.fails = { name: 'step-000000004', method: 'writeFile' };
    await expect(train(options(false))).rejects.toThrow(
      /The checkpoint folder .*: The disk could not be read or written: check it\./,
    );
    expect(await readdir(checkpointFolder)).toEqual(['step-000000002.checkpoint']);
    disk.fails = null;
    expect((await train(options(true))).steps).toBe(6);
  });
});
