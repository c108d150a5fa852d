import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stateSections } from '../../../src/core/backend/state.js';
import { restoreCheckpoint, saveCheckpoint } from '../../../src/core/train/checkpoint.js';
import type { TrainingProgress } from '../../../src/core/train/checkpoint.js';

const identity = { seed: 3, corpus: 'abc', 'training configuration': { learningRate: 0.1 } };

/** Of two regions: values and two moments each. */
function sectionsOf(value: number): Float32Array[] {
  return stateSections(
    Array.from({ length: 2 }, () => [
      {
        values: new Float32Array(50).fill(value),
        moment1: new Float32Array(50).fill(value + 0.25),
        moment2: new Float32Array(50).fill(value + 0.5),
      },
    ]),
  );
}

function progressOf(step: number): TrainingProgress {
  return {
    step,
    stage: 'main',
    stageStart: 0,
    finished: [],
    tokens: step * 100,
    milliseconds: step * 7.5,
    firstLosses: [9.25, 8.5],
    lastLosses: [3.125],
    lossCount: 5,
    heldOutLossBefore: 9.01,
    best: null,
    heldOutIsDue: false,
    suspiciousSteps: 0,
    split: 1,
    threads: 2,
  };
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkpoint-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const save = async (step: number) =>
  saveCheckpoint(folder, identity, progressOf(step), sectionsOf(step), 2);

describe('checkpoints', () => {
  it('come back as they were saved, the latest first', async () => {
    await save(5);
    await save(10);
    const sections = sectionsOf(0);
    const restored = await restoreCheckpoint(folder, identity, sections);
    expect(restored).toEqual({ progress: progressOf(10), broken: [] });
    expect(sections).toEqual(sectionsOf(10));
  });

  it('are kept in the wanted number, and nothing else is left', async () => {
    for (const step of [1, 2, 3, 1_000_000_000]) await save(step);
    expect((await readdir(folder)).sort()).toEqual([
      'step-000000003.checkpoint',
      'step-1000000000.checkpoint',
    ]);
    const restored = await restoreCheckpoint(folder, identity, sectionsOf(0));
    expect(restored?.progress.step).toBe(1_000_000_000);
  });

  it('fall back to the one before when any byte of the header, a weight or the checksum changed', async () => {
    await save(5);
    await save(10);
    const name = 'step-000000010.checkpoint';
    const sound = await readFile(join(folder, name));
    const header = Array.from({ length: sound.indexOf('\n') + 1 }, (_, i) => i);
    const sections = sectionsOf(0);
    for (const position of [...header, header.length, sound.length - 40, sound.length - 1]) {
      for (const flip of [1, 2, 0x80]) {
        const changed = Buffer.from(sound);
        changed[position]! ^= flip;
        await writeFile(join(folder, name), changed);
        const restored = await restoreCheckpoint(folder, identity, sections);
        expect(restored, `byte ${position}`).toEqual({ progress: progressOf(5), broken: [name] });
      }
    }
    expect(sections[5]![49]).toBe(5.5);
  });

  it('fall back when the latest is cut short or empty', async () => {
    await save(5);
    await save(10);
    await truncate(join(folder, 'step-000000010.checkpoint'), 700);
    await writeFile(join(folder, 'step-000000011.checkpoint'), '');
    const restored = await restoreCheckpoint(folder, identity, sectionsOf(0));
    expect(restored?.progress.step).toBe(5);
    expect(restored?.broken.length).toBe(2);
  });

  it('do not make room for later ones that are broken or of another course', async () => {
    await save(5);
    await save(10);
    await truncate(join(folder, 'step-000000010.checkpoint'), 700);
    await save(6);
    expect((await readdir(folder)).sort()).toEqual([
      'step-000000005.checkpoint',
      'step-000000006.checkpoint',
    ]);
  });

  it('of a newer version are refused, not passed over', async () => {
    await save(5);
    const path = join(folder, 'step-000000005.checkpoint');
    const text = (await readFile(path, 'latin1')).slice(0, -32);
    const later = Buffer.from(text.replace('{"format":3', '{"format":4,"new":0'), 'latin1');
    await writeFile(path, later);
    await appendFile(path, createHash('sha256').update(later).digest());
    await expect(restoreCheckpoint(folder, identity, sectionsOf(0))).rejects.toThrow(
      'newer version',
    );
  });

  it('of the format before stages are of the only one, however long a head was warmed up', async () => {
    const settings = { learningRate: 0.1, headWarmupSteps: 100 };
    await saveCheckpoint(
      folder,
      { ...identity, 'training configuration': settings },
      progressOf(5),
      sectionsOf(5),
      2,
    );
    const path = join(folder, 'step-000000005.checkpoint');
    const bytes = (await readFile(path)).subarray(0, -32);
    const end = bytes.indexOf('\n');
    const header = JSON.parse(bytes.toString('utf8', 0, end)) as {
      format: number;
      progress: Partial<TrainingProgress>;
    };
    header.format = 2;
    const { stage: _, stageStart: _1, finished: _2, lossCount: _3, ...progress } = header.progress;
    header.progress = progress;
    const earlier = Buffer.concat([Buffer.from(JSON.stringify(header)), bytes.subarray(end)]);
    await writeFile(path, earlier);
    await appendFile(path, createHash('sha256').update(earlier).digest());
    const now = { learningRate: 0.1, headWarmupSteps: null };
    const restored = await restoreCheckpoint(
      folder,
      { ...identity, 'training configuration': now },
      sectionsOf(0),
    );
    expect(restored?.progress).toEqual(progressOf(5));
  });

  it('are refused, all broken, with advice', async () => {
    await save(5);
    await truncate(join(folder, 'step-000000005.checkpoint'), 100);
    await expect(restoreCheckpoint(folder, identity, sectionsOf(0))).rejects.toThrow(
      'start a new run',
    );
  });

  it('are no checkpoints where none was saved', async () => {
    expect(await restoreCheckpoint(folder, identity, sectionsOf(0))).toBeNull();
    expect(await restoreCheckpoint(join(folder, 'none'), identity, sectionsOf(0))).toBeNull();
  });

  it('do not continue a run that was described otherwise, and name what differs', async () => {
    await save(5);
    await expect(
      restoreCheckpoint(folder, { ...identity, corpus: 'def' }, sectionsOf(0)),
    ).rejects.toThrow('another corpus:');
  });
});

describe('the run that a checkpoint is of', () => {
  const settings = {
    learningRate: 0.1,
    maxSteps: null,
    lossWeights: { mlm: 1 },
    lora: { rank: 4, modules: ['query', 'value'] },
  };
  const described = (training: object, others: object = {}) => ({
    seed: 3,
    model: { hiddenSize: 32, hiddenLayers: 2 },
    'training configuration': training,
    ...others,
  });
  const goesOn = async (saved: object, current: object) => {
    await saveCheckpoint(folder, { ...saved }, progressOf(5), sectionsOf(5), 2);
    const restored = await restoreCheckpoint(folder, { ...current }, sectionsOf(0));
    return restored?.progress.step;
  };

  it.each([
    ['as it is', settings],
    ['under a setting that was not there when it was saved', { ...settings, added: 7 }],
    ['under one that has no value', { ...settings, added: undefined }],
    ['with its keys in another order', Object.fromEntries(Object.entries(settings).reverse())],
    [
      'with keys of a value in another order',
      { ...settings, lora: { modules: ['query', 'value'], rank: 4 } },
    ],
  ])('goes on %s', async (_name, current) => {
    expect(await goesOn(described(settings), described(current))).toBe(5);
  });

  it('goes on in whatever order it is described, and with a part of the model that is new', async () => {
    const model = { added: true, hiddenLayers: 2, hiddenSize: 32 };
    const current = { model, 'training configuration': settings, seed: 3 };
    expect(await goesOn(described(settings), current)).toBe(5);
  });

  it.each([
    ['another value', { ...settings, learningRate: 0.2 }],
    ['a number instead of null', { ...settings, maxSteps: 9 }],
    ['null instead of a value', { ...settings, lora: null }],
    ['another value within one', { ...settings, lora: { ...settings.lora, rank: 8 } }],
    ['a list in another order', { ...settings, lora: { rank: 4, modules: ['value', 'query'] } }],
    ['one more loss', { ...settings, lossWeights: { mlm: 1, category: 5 } }],
    ['one loss less', { ...settings, lossWeights: {} }],
    ['no value for one that is saved', { ...settings, learningRate: undefined }],
  ])('refuses a setting with %s', async (_name, current) => {
    await expect(goesOn(described(settings), described(current))).rejects.toThrow(
      'another training configuration: resume it as it was started',
    );
  });

  it('refuses settings, and parts of the description, that the checkpoint alone has', async () => {
    const more = described({ ...settings, dropped: 1 });
    await expect(goesOn(more, described(settings))).rejects.toThrow('another training config');
    const part = described(settings, { 'base model': 'abc' });
    await expect(goesOn(part, described(settings))).rejects.toThrow('another base model:');
  });

  it('refuses a part of the description that it lacks itself, and names all that differ', async () => {
    const part = described(settings, { 'base model': 'abc', seed: 4 });
    await expect(goesOn(described(settings), part)).rejects.toThrow('another seed, base model:');
  });
});
