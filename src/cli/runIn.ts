import { executeJob } from '../engine/job/execute.js';
import { ownRun } from '../engine/runOwner.js';
import type { RunOutcome } from '../engine/runOwner.js';
import type { JobResult, JobSpec } from '../protocol/run.js';
import type { CommandContext } from './command.js';
import { plainJobContext } from './jobContext.js';
import { sayPlan } from './plan.js';

/** Runs a job in this process but with a run folder, so that the editor can watch and control it. */
export async function runIn<Spec extends JobSpec>(
  folder: string,
  spec: Spec,
  context: CommandContext,
): Promise<Extract<JobResult, { kind: Spec['kind'] }>> {
  const plain = await plainJobContext(context);
  const heartbeatScript = new URL('./heartbeat.mjs', import.meta.url);
  const owner = await ownRun({ folder, spec, heartbeatScript, now: context.now });
  context.signal.addEventListener('abort', () => owner.cancel());
  if (context.signal.aborted) owner.cancel();
  let outcome: RunOutcome;
  try {
    const result = await executeJob(spec, {
      ...plain,
      runFolder: folder,
      signal: owner.signal,
      pauseGate: owner.pauseGate,
      isFinishing: owner.isFinishing,
      onMetrics: owner.metrics,
      onPlan: (plan) => {
        owner.plan(plan);
        sayPlan(plan, context.terminal);
      },
      onProgress: (progress) => {
        owner.progress(progress);
        plain.onProgress(progress);
      },
      note: (sentence) => {
        owner.note(sentence);
        plain.note(sentence);
      },
    });
    outcome = { result };
  } catch (error) {
    outcome = { error };
  }
  await owner.finish(outcome);
  if ('error' in outcome) throw outcome.error;
  return outcome.result as Extract<JobResult, { kind: Spec['kind'] }>;
}
