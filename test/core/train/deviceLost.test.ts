/** A device that stops working takes its memory with it: what is left is the latest checkpoint. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Backend } from '../../../src/core/backend/backend.js';
import { cpu } from '../../../src/core/backend/cpu/cpu.js';
import { DeviceLost } from '../../../src/core/base/errors.js';
import { train } from '../../../src/core/train/trainer.js';
import { toyRun } from './toyRun.js';

let checkpointFolder: string;
beforeEach(async () => {
  checkpointFolder = await mkdtemp(join(tmpdir(), 'lost-'));
});
afterEach(() => rm(checkpointFolder, { recursive: true }));

/** Trains on the CPU, until a step at which it is lost. */
function losing(lostAt: number): Backend {
  return {
    ...cpu,
    layOut(work, split) {
      const layout = cpu.layOut(work, split);
      return {
        ...layout,
        async prepare(options) {
          const prepared = await layout.prepare(options);
          return {
            ...prepared,
            get split() {
              return prepared.split;
            },
            run(steps, control) {
              if (steps[0]!.step === lostAt) return Promise.reject(new DeviceLost());
              return prepared.run(steps, control);
            },
          };
        },
      };
    },
  };
}

it('ends with one sentence, and a run resumed on the CPU ends as if nothing had happened', async () => {
  const training = { maxSteps: 8, saveSteps: 2 };
  const run = (backend: Backend, resume: boolean) =>
    train(toyRun('mlm', training, { checkpointFolder, backend, resume }));
  await expect(run(losing(5), false)).rejects.toThrow(
    /stopped working after step 5: the checkpoint of step 4 is kept, so resume the run/,
  );
  const resumed = await run(cpu, true);
  await rm(checkpointFolder, { recursive: true });
  const whole = await run(cpu, false);
  expect(resumed.parameters).toEqual(whole.parameters);
});

it('says that nothing is kept before the first checkpoint', async () => {
  const options = toyRun('mlm', { maxSteps: 8 }, { checkpointFolder, backend: losing(1) });
  await expect(train(options)).rejects.toThrow(/after step 1: no checkpoint had been saved yet/);
});
