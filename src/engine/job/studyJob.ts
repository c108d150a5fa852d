/** Leads a study: plans it, works through its parts beside other workers, and keeps its report up to date. */
import { join } from 'node:path';
import { failure } from '../../core/base/errors.js';
import { planSentences } from '../../core/study/planText.js';
import { studyFileNames } from '../../protocol/study.js';
import type { StudyJob, StudyResult } from '../../protocol/study.js';
import type { JobContext } from './context.js';
import { studyFacts } from './study/facts.js';
import { settlePlan } from './study/openStudy.js';
import { isSettled, placeOf, readStatuses } from './study/statuses.js';
import type { PartNow } from './study/statuses.js';
import { workOnStudy } from './study/work.js';
import { missingSentences, writeStudyReport } from './study/writeReport.js';

export async function runStudyJob(job: StudyJob, context: JobContext): Promise<StudyResult> {
  const { runFolder: folder } = context;
  if (folder === null) throw new Error('A study needs a run folder.');
  const plan = await settlePlan(folder, job, await studyFacts(job, context));
  for (const sentence of planSentences(plan)) context.note(sentence);
  const place = await placeOf(folder, plan);
  await workOnStudy(place, context, {
    onSettled: async (parts) => {
      await writeStudyReport(place, parts, context);
    },
    isReleased: () => Promise.resolve(false),
  });
  const parts = await readStatuses(place);
  refuseEmpty(parts);
  const { models, findings } = await writeStudyReport(place, parts, context);
  const missing = missingSentences(parts);
  for (const sentence of missing) context.note(sentence);
  const report = join(folder, studyFileNames.page);
  return { kind: 'study', report, models, findings, missing };
}

/** Where nothing succeeded, the study has failed as well, for the first reason. */
function refuseEmpty(parts: readonly PartNow[]): void {
  if (parts.some(({ status }) => status.is === 'done' || !isSettled(status))) return;
  const [first] = parts.flatMap(({ status }) =>
    status.is === 'failed' ? [status.state.error?.message ?? 'A part failed.'] : [],
  );
  if (first !== undefined) throw failure(`No part of the study came to an end. ${first}`);
}
