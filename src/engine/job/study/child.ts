/** Runs a part of a study as a job process of its own, and passes on what its study is told. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Cancelled } from '../../../core/base/errors.js';
import { replaceFile } from '../../../core/base/files.js';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runFileNames } from '../../../protocol/run.js';
import type { JobSpec, RunState } from '../../../protocol/run.js';
import {
  isOver,
  readRawState,
  readState,
  startChildJob,
  writeControl,
  writeJob,
} from '../../runFolder.js';
import type { JobContext } from '../context.js';

const pollMs = 200;
const lookMs = 1000;

export type ChildContext = Pick<JobContext, 'signal' | 'pauseGate' | 'now'>;

/**
 * A process that dies without a word is started once more.
 *
 * @param folder the part's run folder, claimed by the caller
 * @param onLook called again and again with what it is doing
 * @throws {Cancelled} once the child has ended, its progress saved
 */
export async function runChild(
  folder: string,
  spec: JobSpec,
  context: ChildContext,
  onLook: (state: RunState) => Promise<void>,
): Promise<RunState> {
  for (let attempt = 1; ; attempt++) {
    await writeJob(folder, spec, context.now());
    await runOnce(folder, context, onLook);
    if (context.signal.aborted) throw new Cancelled();
    const raw = await readRawState(folder);
    if (raw !== null && isOver(raw)) return raw;
    const dead = await readState(folder);
    if (dead === null) throw new Error('the state of a run is gone');
    if (attempt === 2 && isOver(dead)) {
      // Written down, so that other workers do not try for ever.
      await replaceFile(join(folder, runFileNames.state), `${JSON.stringify(dead)}\n`);
      return dead;
    }
  }
}

async function runOnce(
  folder: string,
  { signal, pauseGate }: ChildContext,
  onLook: (state: RunState) => Promise<void>,
): Promise<void> {
  const child = await startChildJob(folder, {
    // Beside this bundle; scripts/build.mjs puts it there.
    script: jobScript(),
    execPath: process.execPath,
    env: process.env,
  });
  const end = new Promise<boolean>((resolve) => child.once('exit', () => resolve(true)));
  let lookedAt = 0;
  let told: 'nothing' | 'pause' | 'cancel' = 'nothing';
  for (;;) {
    if (await Promise.race([end, sleep(pollMs, false)])) return;
    if (signal.aborted) {
      if (told !== 'cancel') await writeControl(folder, 'cancel');
      told = 'cancel';
    } else if (await isPending(pauseGate())) {
      if (told !== 'pause') await writeControl(folder, 'pause');
      told = 'pause';
    } else if (told === 'pause') {
      await writeControl(folder, 'resume');
      told = 'nothing';
    }
    if (performance.now() - lookedAt < lookMs) continue;
    lookedAt = performance.now();
    const state = await readState(folder);
    if (state !== null) await onLook(state);
  }
}

async function isPending(gate: Promise<void>): Promise<boolean> {
  const open = gate.then(() => false);
  return Promise.race([open, sleep(0).then(() => true)]);
}

function jobScript(): string {
  return fileURLToPath(new URL('./job.mjs', import.meta.url));
}
