/** Jobs that are killed again and again end with the weights of one that was left alone. */
import { watch } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../../src/core/base/random.js';
import type { Random } from '../../src/core/base/random.js';
import { runFileNames } from '../../src/protocol/run.js';
import type { PretrainJob } from '../../src/protocol/pretraining.js';
import { removeFolder, temporaryFolder } from './fixtures.js';
import type { Started, TrainingPlace } from './trainingRuns.js';
import {
  begin,
  checkpointsOf,
  goOn,
  gone,
  kill,
  makePlace,
  metricsOf,
  outcome,
  stepsOf,
  trainingJob,
  weightsOf,
} from './trainingRuns.js';

let folder: string;
let place: TrainingPlace;
beforeAll(async () => {
  folder = await temporaryFolder();
  place = await makePlace(folder);
});
afterAll(() => removeFolder(folder));

/**
 * A moment to kill at: so many milliseconds after files of this name were touched so often, or after
 * the start. Temporary files are those of a checkpoint, of the model, of metrics that are mended.
 */
interface Moment {
  readonly name: string;
  readonly file: RegExp | null;
  readonly touches: number;
  readonly delayMs: number;
}

/** @param late whether the run may come to its end */
function drawMoment(random: Random, startMs: number, late: boolean): Moment {
  const [delayMs, touches] = [random.integer(6), 1 + random.integer(20)];
  const anyTime = { name: 'any time', file: null, touches: 0, delayMs: random.integer(startMs) };
  const mending = { name: 'mending', file: /^metrics\.jsonl\.kept$/, touches: 1, delayMs: 0 };
  const checkpoint = { name: 'a checkpoint', file: /\.checkpoint\..*tmp$/ };
  if (late) {
    const model = { name: 'the model', file: /^\.model\./, touches: 1, delayMs: 8 * delayMs };
    return random.pick<Moment>([anyTime, mending, model]);
  }
  return random.pick<Moment>([
    anyTime,
    mending,
    { name: 'a step', file: /^metrics\.jsonl$/, touches, delayMs },
    { ...checkpoint, touches, delayMs: 0 },
    { ...checkpoint, touches: 1 + random.integer(3), delayMs: 0 },
  ]);
}

/** Kills at the moment; whether the job was still at work then. */
async function killAt(started: Started, { file, touches, delayMs }: Moment): Promise<boolean> {
  const { run, pid } = started;
  let ended = false;
  const end = gone(pid).then(() => (ended = true));
  if (file === null) {
    await sleep(delayMs);
  } else {
    let left = touches;
    // Node's recursive watcher throws where a folder goes while it looks: these two stay.
    const checkpoints = join(run, runFileNames.checkpoints);
    await mkdir(checkpoints, { recursive: true });
    const watchers = [run, checkpoints].map((watched) => watch(watched));
    const touched = new Promise<void>((resolve) => {
      for (const watcher of watchers) {
        watcher.on('change', (_, name) => {
          if (file.test(String(name)) && --left <= 0) resolve();
        });
      }
    });
    await Promise.race([touched, end]);
    for (const watcher of watchers) watcher.close();
    if (delayMs > 0) await sleep(delayMs);
  }
  const wasAtWork = !ended;
  await kill(started);
  return wasAtWork;
}

describe.each([
  { objective: 'mlm', kills: 50, maxSteps: 200 },
  { objective: 'declutr', kills: 10, maxSteps: 40 },
] as const)('a run of $objective killed $kills times', ({ objective, kills, maxSteps }) => {
  it('ends with the weights and the metrics of a run that was left alone', async () => {
    const config = { evalSteps: 16, batchDocuments: 4 };
    const spec: PretrainJob = trainingJob(place, { objective, maxSteps, config });
    const begun = Date.now();
    const whole = await begin(folder, `whole-${objective}`, spec);
    expect(await outcome(whole)).toMatchObject({ status: 'done', error: null });
    const wholeMs = Date.now() - begun;

    const random = createRandom(11, objective);
    let started = await begin(folder, `killed-${objective}`, spec);
    const { run } = started;
    const hits: Record<string, number> = {};
    for (let killed = 0; killed < kills;) {
      const moment = drawMoment(random, Math.min(1500, wholeMs), killed > 0.75 * kills);
      if (await killAt(started, moment)) {
        killed++;
        hits[moment.name] = (hits[moment.name] ?? 0) + 1;
      }
      started = await goOn(run, spec);
    }
    expect(await outcome(started)).toMatchObject({ status: 'done', error: null });
    expect(Object.keys(hits)).toEqual(expect.arrayContaining(['a checkpoint', 'the model']));

    expect(await weightsOf(run)).toBe(await weightsOf(whole.run));
    expect(await stepsOf(run)).toEqual(Array.from({ length: maxSteps }, (_, i) => i + 1));
    const losses = async (of: string) =>
      (await metricsOf(of)).map(({ step, loss, heldOutLoss }) => [step, loss, heldOutLoss]);
    expect(await losses(run)).toEqual(await losses(whole.run));
    expect(await checkpointsOf(run)).toEqual(await checkpointsOf(whole.run));
    expect((await readdir(run)).sort()).toEqual((await readdir(whole.run)).sort());
  }, 180_000);
});
