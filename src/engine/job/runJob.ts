/** Runs a job process, from reading its run folder to its exit code. */

import { Cancelled } from '../../core/base/errors.js';
import type { JobSpec } from '../../protocol/run.js';
import { bundledModel } from '../bundledFolder.js';
import { installedModel } from '../bundledModel.js';
import { cacheFolder } from '../paths.js';
import { readJob } from '../runFolder.js';
import { describeError, ownRun } from '../runOwner.js';
import type { RunOutcome } from '../runOwner.js';
import { jobThreads, lowerPriority } from '../resources.js';
import { traceOf } from '../trace.js';
import { executeJob } from './execute.js';

export async function runJob(folder: string): Promise<number> {
  lowerPriority();
  try {
    const spec = await installed(await readJob(folder));
    const owner = await ownRun({ folder, spec, heartbeatScript: heartbeatScript(), now: Date.now });
    for (const event of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.on(event, () => event !== 'SIGHUP' && owner.cancel());
    }
    // Only a child of another job has a channel; nobody else would wait for what it does.
    process.on('disconnect', () => owner.cancel());
    let outcome: RunOutcome;
    try {
      outcome = {
        result: await executeJob(spec, {
          runFolder: folder,
          cacheFolder: await cacheFolder(process.env),
          threads: jobThreads(process.env),
          signal: owner.signal,
          pauseGate: owner.pauseGate,
          isFinishing: owner.isFinishing,
          onProgress: owner.progress,
          onMetrics: owner.metrics,
          onPlan: owner.plan,
          // The command line runs its jobs itself.
          place: 'panel',
          note: owner.note,
          now: Date.now,
        }),
      };
    } catch (error) {
      if (!(error instanceof Cancelled)) process.stderr.write(`${traceOf(error)}\n`);
      outcome = { error };
    }
    const state = await owner.finish(outcome);
    if (state.status === 'done') return 0;
    if (state.status === 'cancelled') return 130;
    return state.error?.kind === 'usage' ? 2 : 1;
  } catch (error) {
    const { message, kind } = describeError(error);
    process.stderr.write(`${message}\n${traceOf(error)}\n`);
    return kind === 'usage' ? 2 : 1;
  }
}

async function installed(spec: JobSpec): Promise<JobSpec> {
  if (spec.kind !== 'pretrain') return spec;
  return { ...spec, base: await installedModel(spec.base, bundledModel) };
}

/** Next to this bundle; scripts/build.mjs puts it there. */
export function heartbeatScript(): URL {
  return new URL('./heartbeat.mjs', import.meta.url);
}
