/** The longest window that memory holds, for a model whose own window is longer. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { train } from '../../../src/core/train/trainer.js';
import type { TrainOptions } from '../../../src/core/train/trainingRun.js';
import { toyConfig, toyDocuments } from './toyCorpus.js';
import { labelled, toyRun } from './toyRun.js';

let checkpointFolder: string;
beforeEach(async () => {
  checkpointFolder = await mkdtemp(join(tmpdir(), 'window-'));
});
afterEach(() => rm(checkpointFolder, { recursive: true, force: true }));

const config = { ...toyConfig, maxPositionEmbeddings: 1026, attentionHeads: 8 };
const long = labelled(
  toyDocuments(12, null, 'long').map((note) => ({ ...note, text: `${note.text} `.repeat(60) })),
);

async function notesOf(overrides: Partial<TrainOptions>, training = {}): Promise<string[]> {
  const notes: string[] = [];
  await train(
    toyRun(
      'mlm',
      { maxSteps: 1, warmupSteps: 0, heldOutTokens: 100, ...training },
      {
        checkpointFolder,
        config,
        trainDocuments: long,
        heldOutDocuments: long.slice(0, 2),
        onNote: (note) => notes.push(note),
        ...overrides,
      },
    ),
  );
  return notes;
}

describe('a run whose longest row memory does not hold', () => {
  it('reads shorter windows, says so, and keeps them when it is resumed', async () => {
    const [note] = await notesOf({ availableMemoryBytes: 400e6 });
    expect(note).toMatch(
      /^Memory is short, so notes are read in windows of \d+ tokens, not of \d+/,
    );
    const window = Number(/of (\d+) tokens/.exec(note!)![1]);
    expect(window % 64).toBe(0);
    expect(window).toBeGreaterThanOrEqual(128);
    // With all the memory there is, another window would fit, and would make another run of it.
    expect(await notesOf({ resume: true }, { maxSteps: 1 })).toEqual([]);
  });

  it('is refused if memory holds not even the shortest window', async () => {
    await expect(notesOf({ availableMemoryBytes: 250e6 })).rejects.toThrow(/needs about .* memory/);
  });

  it('says nothing if memory suffices', async () => {
    expect(await notesOf({ availableMemoryBytes: 60e9 })).toEqual([]);
  });
});
