/** Works through a study's parts, beside any other workers on the same folder. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Cancelled, throwIfAborted } from '../../../core/base/errors.js';
import { makeFolder } from '../../../core/base/files.js';
import { keepRenewing, releaseLock, takeLock } from '../../../core/base/lock.js';
import { partLabel } from '../../../core/study/wording.js';
import { runFileNames } from '../../../protocol/run.js';
import type { RunState } from '../../../protocol/run.js';
import type { StudyPart } from '../../../core/study/study.js';
import type { JobContext } from '../context.js';
import { runChild } from './child.js';
import { partFolder } from './partJob.js';
import { isSettled, readStatuses } from './statuses.js';
import type { PartNow, StudyPlace } from './statuses.js';

const waitMs = 500;

export interface WorkHooks {
  /** Called whenever a part has ended, here or elsewhere. */
  readonly onSettled: (parts: readonly PartNow[]) => Promise<void>;
  /** Asked between parts and while waiting: whether to stop without an error. */
  readonly isReleased: () => Promise<boolean>;
}

/** @throws {Cancelled} once the part at work has saved its progress */
export async function workOnStudy(
  place: StudyPlace,
  context: JobContext,
  { onSettled, isReleased }: WorkHooks,
): Promise<void> {
  let settled = -1;
  const report = progressReporter(context);
  for (;;) {
    throwIfAborted(context.signal);
    await context.pauseGate();
    const parts = await readStatuses(place);
    const count = parts.filter(({ status }) => isSettled(status)).length;
    if (count !== settled) await onSettled(parts);
    settled = count;
    report(parts);
    if (count === parts.length || (await isReleased())) return;
    if (!(await workOnOne(parts, place, context, report))) await wait(context.signal);
  }
}

/** @returns whether a part was run; not if every open one is claimed by others */
async function workOnOne(
  parts: readonly PartNow[],
  place: StudyPlace,
  context: JobContext,
  report: (parts: readonly PartNow[]) => void,
): Promise<boolean> {
  for (const { part, status } of parts) {
    if (status.is !== 'open') continue;
    const ran = await claimed(partFolder(place.folder, part), context.now, async (folder) => {
      // Another worker may have run it between the look and the claim.
      const now = (await readStatuses(place)).find((each) => each.part.id === part.id);
      if (now?.status.is !== 'open') return false;
      await runChild(folder, now.status.spec, context, async (state) => {
        const others = await readStatuses(place);
        report(
          others.map((each) =>
            each.part.id === part.id ? { part, status: { is: 'running', state } } : each,
          ),
        );
      });
      return true;
    });
    if (ran === true) return true;
  }
  return false;
}

/**
 * The claim stands beside the run's own lock, which the child takes.
 *
 * @returns `null` if another worker holds it
 */
async function claimed<T>(
  folder: string,
  now: () => number,
  use: (folder: string) => Promise<T>,
): Promise<T | null> {
  await makeFolder(folder, 0o700);
  const { lock } = await takeLock(join(folder, runFileNames.claim), now);
  if (lock === null) return null;
  const stop = keepRenewing(lock, now);
  try {
    return await use(folder);
  } finally {
    stop();
    await releaseLock(lock);
  }
}

/** One bar for the whole: shares of the estimated time. A part has several steps, so that its own bar starts again. */
function progressReporter({ onProgress }: JobContext): (parts: readonly PartNow[]) => void {
  let most = 0;
  return (parts) => {
    const wanted = parts.filter(({ status }) => status.is !== 'leftOut');
    const all = wanted.reduce((sum, { part }) => sum + part.seconds, 0);
    const done = wanted.reduce((sum, { part, status }) => {
      if (isSettled(status)) return sum + part.seconds;
      return sum + (status.is === 'running' ? shareOf(status.state) * part.seconds : 0);
    }, 0);
    most = Math.max(most, all === 0 ? 100 : Math.floor((100 * done) / all));
    const settled = wanted.filter(({ status }) => isSettled(status)).length;
    const at = (is: PartNow['status']['is']): StudyPart | undefined =>
      wanted.find(({ status }) => status.is === is)?.part;
    const part = at('running') ?? at('open') ?? wanted.at(-1)?.part;
    if (part === undefined) return;
    onProgress({
      phase: phaseOf(part, settled, wanted.length),
      done: most,
      total: 100,
      unit: '%',
    });
  };
}

function phaseOf(part: StudyPart, settled: number, parts: number): string {
  return `Part ${Math.min(settled + 1, parts)} of ${parts}: ${partLabel(part)}`;
}

/** Of the step that it is in, at most nine tenths: others may follow. */
function shareOf({ progress }: RunState): number {
  if (progress?.total === null || progress === null || progress.total === 0) return 0;
  return 0.9 * Math.min(1, progress.done / progress.total);
}

async function wait(signal: AbortSignal): Promise<void> {
  try {
    await sleep(waitMs, undefined, { signal });
  } catch {
    throw new Cancelled();
  }
}
