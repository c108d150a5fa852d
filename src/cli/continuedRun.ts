import { isDeepStrictEqual } from 'node:util';
import { usageError } from '../core/base/errors.js';
import { makeFolder } from '../core/base/files.js';
import { isAlive, readJob, readState, writeJob } from '../engine/runFolder.js';
import type { JobResult, JobSpec } from '../protocol/run.js';
import type { CommandContext } from './command.js';
import { runIn } from './runIn.js';

/** Runs a job in a folder; one that was stopped there goes on if it is asked for again as it was. */
export async function runOrContinue<Spec extends JobSpec>(
  out: string,
  spec: Spec,
  context: CommandContext,
): Promise<Extract<JobResult, { kind: Spec['kind'] }>> {
  const now = context.now();
  const state = await readState(out, now);
  if (state !== null) {
    if (isAlive(state, now)) {
      throw usageError(`The run in ${out} is still at work: wait for it, or cancel it.`);
    }
    const job = await readJob(out);
    // As it is written, and so without what JSON leaves out.
    if (!isDeepStrictEqual(job, JSON.parse(JSON.stringify(spec)))) {
      throw usageError(
        `${out} holds another run: choose another --out, or ask for the same again.`,
      );
    }
  }
  await makeFolder(out, 0o700);
  await writeJob(out, spec, now);
  return runIn(out, spec, context);
}
