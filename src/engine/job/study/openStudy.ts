/** The plan of a study: the one in its folder, or a new one that keeps what is decided. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isAbsent } from '../../../core/base/errors.js';
import { writeFileAtomic } from '../../../core/base/files.js';
import { planStudy } from '../../../core/study/plan.js';
import type { StudyFacts } from '../../../core/study/plan.js';
import { studyFileNames } from '../../../protocol/study.js';
import type { StudyPlan } from '../../../core/study/study.js';
import type { StudyJob } from '../../../protocol/study.js';
import { checked } from '../../runChecks.js';
import { studyPlanSchema } from '../../runSchemas.js';

/** @returns `null` if there is none yet */
export async function readPlan(folder: string): Promise<StudyPlan<StudyJob> | null> {
  const file = join(folder, studyFileNames.plan);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return null;
    throw error;
  }
  return checked(studyPlanSchema(), JSON.parse(text) as unknown, { file, run: folder });
}

/**
 * An unchanged study keeps its plan, since another measurement of this machine's speed would give other steps, and so
 * would all be trained again. A changed one keeps the steps of what it has trained as far as its preset allows.
 */
export async function settlePlan(
  folder: string,
  job: StudyJob,
  facts: StudyFacts,
): Promise<StudyPlan<StudyJob>> {
  const before = await readPlan(folder);
  const isSame =
    before !== null &&
    isDeepStrictEqual(before.job, JSON.parse(JSON.stringify(job))) &&
    isDeepStrictEqual(before.data, facts.data) &&
    isDeepStrictEqual(idsOf(before), idsOf(planStudy(job, facts, before)));
  if (isSame) return before;
  const plan = planStudy(job, facts, before);
  await writeFileAtomic(join(folder, studyFileNames.plan), `${JSON.stringify(plan, null, 1)}\n`);
  return plan;
}

function idsOf({ parts }: StudyPlan<StudyJob>): string[] {
  return parts.filter(({ kind }) => kind === 'train').map(({ id }) => id);
}
