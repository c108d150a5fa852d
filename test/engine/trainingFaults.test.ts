/** Real training jobs on a full disk, with a broken checkpoint, with a loss that explodes. */
import { appendFile, mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { processExists } from '../../src/core/base/processes.js';
import { readMetricsFrom } from '../../src/engine/metricsLines.js';
import { readRawState, writeControl } from '../../src/engine/runFolder.js';
import { withoutPatients } from '../../src/protocol/catalogue/fieldRoles.js';
import { skipOrFail } from '../host/skip.js';
import { mountSmallDisk, noSmallDisk, unmountSmallDisk } from '../host/smallDisk.js';
import {
  eventually,
  makeNotes,
  removeFolder,
  temporaryFolder,
  writeCorpus,
  writeTinyModel,
} from './fixtures.js';
import {
  begin,
  checkpointsOf,
  goOn,
  kill,
  makePlace,
  outcome,
  stepsOf,
  trainingJob,
  weightsOf,
} from './trainingRuns.js';
import type { Started, TrainingPlace } from './trainingRuns.js';

const maxSteps = 30;
let folder: string;
let place: TrainingPlace;
let whole: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  place = await makePlace(folder);
  const started = await begin(folder, 'whole', trainingJob(place, { maxSteps }));
  await outcome(started);
  whole = await weightsOf(started.run);
});
afterAll(() => removeFolder(folder));

async function hasCheckpoints({ run }: Started, count: number): Promise<string[]> {
  return eventually(`${count} checkpoints of ${run}`, async () => {
    const names = await checkpointsOf(run).catch(() => []);
    return names.filter((name) => !name.startsWith('.')).length >= count ? names : null;
  });
}

async function killedWithTwoCheckpoints(name: string): Promise<string> {
  const started = await begin(folder, name, trainingJob(place, { maxSteps }));
  await hasCheckpoints(started, 2);
  await kill(started);
  return started.run;
}

describe('a broken checkpoint', () => {
  it('is left for the one before, which is said, and the weights come out the same', async () => {
    const run = await killedWithTwoCheckpoints('broken');
    const latest = (await checkpointsOf(run)).filter((name) => !name.startsWith('.')).at(-1)!;
    const file = await open(join(run, 'checkpoints', latest), 'r+');
    await file.write('XXXX', (await file.stat()).size - 1000);
    await file.close();
    const state = await outcome(await goOn(run, trainingJob(place, { maxSteps })));
    expect(state).toMatchObject({ status: 'done', error: null });
    expect(state.notes).toContainEqual(
      expect.stringMatching(/The latest checkpoint was broken, so the run went on from step \d+/),
    );
    expect(state.notes).toContainEqual(expect.stringContaining('ended from outside'));
    expect(await weightsOf(run)).toBe(whole);
    expect(await stepsOf(run)).toEqual(Array.from({ length: maxSteps }, (_, i) => i + 1));
    expect(await checkpointsOf(run)).toHaveLength(2);
  });
});

describe('another base model of the same size', () => {
  it('is refused when the run is to go on, since a checkpoint holds only what is trained', async () => {
    const spec = trainingJob(place, { maxSteps: 2, config: { lora: { rank: 2 } } });
    const started = await begin(folder, 'based', spec);
    expect(await outcome(started)).toMatchObject({ status: 'done', error: null });
    const base = await writeTinyModel(join(folder, 'other'), { seed: 2 });
    const { error } = await outcome(await goOn(started.run, { ...spec, base }));
    expect(error?.kind).toBe('usage');
    expect(error?.message).toMatch(/started with another base model:/);
  });
});

describe('a full disk', () => {
  const disk = (): string => join(folder, 'disk');
  let mounted = false;
  beforeAll(async () => {
    await mkdir(disk());
    mounted = mountSmallDisk(disk(), '8m');
  });
  afterAll(() => {
    if (mounted) unmountSmallDisk(disk());
  });

  /** Takes every byte until the job has given up. */
  async function fill(pid: number): Promise<void> {
    for (const chunk of [1 << 16, 1 << 12, 1]) {
      for (let full = false; !full && processExists(pid);) {
        full = await appendFile(join(disk(), 'filler'), Buffer.alloc(chunk)).then(
          () => false,
          () => true,
        );
      }
    }
  }

  it('fails the run in one sentence, keeps what was saved, and lets it go on', async (context) => {
    if (!mounted) skipOrFail(context, noSmallDisk);
    const spec = trainingJob(place, { maxSteps });
    const started = await begin(disk(), 'full', spec);
    await hasCheckpoints(started, 1);
    while (processExists(started.pid)) {
      await fill(started.pid);
      await sleep(5);
    }
    const state = await outcome(started);
    expect(state.status).toBe('failed');
    expect(state.error?.message).toMatch(/The disk is full: free some space and try again\.$/);
    const left = await checkpointsOf(started.run);
    expect(left.length).toBeGreaterThan(0);
    expect(left.filter((name) => !/^step-\d+\.checkpoint$/.test(name))).toEqual([]);

    await rm(join(disk(), 'filler'));
    const resumed = await outcome(await goOn(started.run, spec));
    expect(resumed).toMatchObject({ status: 'done', error: null });
    expect(resumed.notes).toEqual([withoutPatients]);
    expect(await weightsOf(started.run)).toBe(whole);
    expect(await stepsOf(started.run)).toEqual(Array.from({ length: maxSteps }, (_, i) => i + 1));
  });
});

describe('a loss that explodes', () => {
  it('ends the run with advice and the last good checkpoint, again and again', async () => {
    const config = {
      // So slow a rise that the first losses are sound ones.
      ...{ learningRate: 1, maxGradNorm: 1e6, warmupSteps: 200 },
      ...{ saveSteps: 2, saveTotalLimit: 1 },
    };
    const spec = trainingJob(place, { maxSteps: 200, config });
    const started = await begin(folder, 'exploding', spec);
    const state = await outcome(started);
    expect(state.status).toBe('failed');
    expect(state.error?.message).toMatch(/checkpoints?.*(is|are) kept; start again with a lower l/);
    const kept = await checkpointsOf(started.run);
    const again = await outcome(await goOn(started.run, spec));
    expect(again.error).toEqual(state.error);
    expect(await checkpointsOf(started.run)).toEqual(kept);
  });
});

describe('a cancel', () => {
  // Enough notes that each phase takes a while.
  let long: string;
  beforeAll(async () => {
    long = await writeCorpus(join(folder, 'long.jsonl'), makeNotes(6000, 40));
  });

  const beginLong = (name: string, base = place.base): Promise<Started> => {
    const config = { batchDocuments: 32, heldOutTokens: 20_000 };
    const change = { objective: 'declutr', maxSteps: 400, config } as const;
    return begin(folder, name, trainingJob({ base, corpus: long }, change));
  };

  const reaches = ({ run }: Started, phase: string): Promise<boolean> =>
    eventually(phase, async () => (await readRawState(run))?.progress?.phase === phase);

  it('that comes twice ends a job of DeCLUTR within two seconds', async () => {
    // Its checkpoint takes a while to write, so that one cancel alone ends it later.
    const size = { hiddenSize: 256, vocabularySize: 60_000 };
    const base = await writeTinyModel(join(folder, 'heavy'), size);
    const started = await beginLong('cancelled-twice', base);
    const { run, pid } = started;
    await reaches(started, 'Training');
    await writeControl(run, 'cancel');
    await eventually('the acknowledgement', async () => {
      return (await readRawState(run))?.status === 'cancelling';
    });
    const asked = Date.now();
    await writeControl(run, 'cancel');
    await eventually('the end of the process', () => Promise.resolve(!processExists(pid)), 2000);
    expect(Date.now() - asked).toBeLessThan(2000);
    const { status, notes } = await outcome(started);
    expect(status).toBe('cancelled');
    expect(notes).toContainEqual(expect.stringContaining('stopped at once'));
  });

  it.each(['Reading notes', 'Measuring held-out loss', 'Training'])(
    'is acknowledged while the job of DeCLUTR is at: %s',
    async (phase) => {
      const started = await beginLong(`cancelled-${phase.split(' ')[0]!}`);
      const { run } = started;
      await reaches(started, phase);
      const asked = Date.now();
      await writeControl(run, 'cancel');
      await eventually('the acknowledgement', async () => {
        const state = await readRawState(run);
        return state?.status === 'cancelling' || state?.status === 'cancelled';
      });
      expect(Date.now() - asked).toBeLessThan(500);
      expect((await outcome(started)).status).toBe('cancelled');
      const { lines } = await readMetricsFrom(run, 0);
      const steps = lines.filter(({ loss }) => loss !== null).length;
      const saved = await checkpointsOf(run).catch(() => []);
      expect(saved).toHaveLength(steps === 0 ? 0 : Math.max(1, saved.length));
    },
  );
});
