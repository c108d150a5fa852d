/** How far the parts of a study are, from their run folders alone: all workers see the same. */
import { isDeepStrictEqual } from 'node:util';
import type { JobSpec, RunState } from '../../../protocol/run.js';
import type { StudyPart, StudyPlan } from '../../../core/study/study.js';
import type { StudyJob } from '../../../protocol/study.js';
import { isAlive, isOver, readJob, readRawState, readState } from '../../runFolder.js';
import { partFolder, partJob } from './partJob.js';

export type PartStatus =
  /** Parts before it have not ended. */
  | { readonly is: 'waiting' }
  | { readonly is: 'open'; readonly spec: JobSpec; readonly state: RunState | null }
  | { readonly is: 'running'; readonly state: RunState }
  | { readonly is: 'done'; readonly spec: JobSpec; readonly state: RunState }
  | { readonly is: 'failed'; readonly state: RunState }
  /** With the reason, one sentence. */
  | { readonly is: 'leftOut'; readonly why: string };

export interface PartNow {
  readonly part: StudyPart;
  readonly status: PartStatus;
}

export interface StudyPlace {
  readonly folder: string;
  readonly plan: StudyPlan<StudyJob>;
  /** When the study was begun or resumed: what failed before that is tried again. */
  readonly since: number;
  /** Jobs of parts that were made before, by part and the fate of those before it. */
  readonly made: Map<string, Awaited<ReturnType<typeof partJob>>>;
}

const spent = 'The budget was spent before its turn: resume the study with a longer one.';

/** In the order of the plan. */
export async function readStatuses({ folder, plan, since, made }: StudyPlace): Promise<PartNow[]> {
  const seen = await Promise.all(
    plan.parts.map(async (part) => {
      const run = partFolder(folder, part);
      // Damaged files are those of a part that has to be run again.
      const state = await readState(run).catch(() => null);
      const raw = await readRawState(run).catch(() => null);
      return { part, run, state, diedSilently: raw !== null && !isOver(raw) };
    }),
  );
  const taken = seen.reduce((sum, { state }) => sum + (state?.cost?.seconds ?? 0), 0);
  const found: PartNow[] = [];
  for (const each of seen) {
    const before = found.filter(({ part }) => each.part.after.includes(part.id));
    const status = await statusOf(each, before, taken);
    found.push({ part: each.part, status });
  }
  return found;

  async function statusOf(
    { part, run, state, diedSilently }: (typeof seen)[number],
    before: readonly PartNow[],
    secondsTaken: number,
  ): Promise<PartStatus> {
    if (state !== null && isAlive(state)) return { is: 'running', state };
    if (before.some(({ status }) => !isSettled(status))) return { is: 'waiting' };
    const spec = await jobOf(part, before);
    if ('nothing' in spec) return { is: 'leftOut', why: spec.nothing };
    if (state?.status === 'done' && (await isSameJob(run, spec))) {
      return { is: 'done', spec, state };
    }
    if (state?.status === 'failed' && !diedSilently && state.updatedAt >= since) {
      return { is: 'failed', state };
    }
    const { budgetSeconds } = plan;
    const isLate = budgetSeconds !== null && secondsTaken + part.seconds > budgetSeconds;
    if (part.optional && isLate) return { is: 'leftOut', why: spent };
    const begun = state?.status === 'done' ? null : state;
    return { is: 'open', spec: resumed(spec, begun), state: begun };
  }

  async function jobOf(part: StudyPart, before: readonly PartNow[]): ReturnType<typeof partJob> {
    const key = [part.id, ...before.map(({ status }) => status.is)].join(' ');
    const known = made.get(key) ?? (await partJob(part, plan, folder));
    made.set(key, known);
    return known;
  }
}

/** @param folder of the study, whose state says since when it is at work */
export async function placeOf(folder: string, plan: StudyPlan<StudyJob>): Promise<StudyPlace> {
  const state = await readRawState(folder);
  return { folder, plan, since: state?.startedAt ?? 0, made: new Map() };
}

export function isSettled({ is }: PartStatus): boolean {
  return is === 'done' || is === 'failed' || is === 'leftOut';
}

/** A training goes on from its checkpoint; others find what they have computed by themselves. */
function resumed(spec: JobSpec, state: RunState | null): JobSpec {
  return spec.kind === 'pretrain' ? { ...spec, resume: state !== null } : spec;
}

/** Whether what is done is what would be done now; the notes may lie elsewhere by now, since their content is compared. */
async function isSameJob(run: string, spec: JobSpec): Promise<boolean> {
  const job = await readJob(run).catch(() => null);
  if (job === null) return false;
  const comparable = (each: JobSpec): unknown =>
    JSON.parse(
      JSON.stringify({ ...each, resume: false, ...('corpus' in each ? { corpus: null } : {}) }),
    ) as unknown;
  return isDeepStrictEqual(comparable(job), comparable(spec));
}
