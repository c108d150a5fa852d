/** Takes parts of a study that another process leads. */
import { setTimeout as sleep } from 'node:timers/promises';
import { throwIfAborted } from '../../../core/base/errors.js';
import type { StudyJob } from '../../../protocol/study.js';
import { isAlive, isOver, readRawState } from '../../runFolder.js';
import type { JobContext } from '../context.js';
import { readPlan } from './openStudy.js';
import { placeOf } from './statuses.js';
import { workOnStudy } from './work.js';

const lookMs = 500;

/**
 * Returns once the study has ended, or nobody leads it any more.
 *
 * @throws {Cancelled} if this worker, or the whole study, is cancelled while a part is at work
 */
export async function followStudy(
  folder: string,
  job: StudyJob,
  context: JobContext,
): Promise<void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([context.signal, stop.signal]);
  const isLed = async (): Promise<boolean> => {
    const state = await readRawState(folder);
    if (state?.status === 'cancelling' || state?.status === 'cancelled') stop.abort();
    return state !== null && isAlive(state, context.now());
  };
  const look = setInterval(() => void isLed().catch(() => undefined), lookMs);
  try {
    let plan = await planFor(folder, job);
    while (plan === null) {
      throwIfAborted(signal);
      if (!(await isLed())) return;
      await sleep(lookMs);
      plan = await planFor(folder, job);
    }
    await workOnStudy(
      await placeOf(folder, plan),
      { ...context, signal },
      {
        // The leader writes the report.
        onSettled: () => Promise.resolve(),
        isReleased: async () => !(await isLed()),
      },
    );
    // It has its report to write.
    while (!stop.signal.aborted && (await isLed())) {
      throwIfAborted(context.signal);
      const state = await readRawState(folder);
      if (state === null || isOver(state)) return;
      await sleep(lookMs);
    }
  } finally {
    clearInterval(look);
  }
}

/** @returns `null` until the plan of this very study is written; an earlier one may still lie there */
async function planFor(folder: string, job: StudyJob): ReturnType<typeof readPlan> {
  const plan = await readPlan(folder);
  return plan !== null && JSON.stringify(plan.job) === JSON.stringify(job) ? plan : null;
}
