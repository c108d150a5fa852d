/** A plan in sentences, for the command line, the editor and the report. */
import { studyPresetEntries } from '../../protocol/catalogue/study.js';
import type { StudyPlan } from './study.js';
import { count, plural } from '../base/wording.js';
import { duration } from './plan.js';

export function planSentences({
  job,
  parts,
  seconds,
  budgetSeconds,
  cuts,
  data,
}: StudyPlan): string[] {
  const trained = parts.filter(({ kind }) => kind === 'train').length;
  const budget =
    budgetSeconds === null ? 'without a budget' : `with a budget of ${duration(budgetSeconds)}`;
  const steps = job.steps === null ? '' : `, each ${plural(job.steps, 'step')}`;
  return [
    `Plan: ${plural(parts.length, 'part')}, about ${duration(seconds)} one after the other, ${budget} (preset ${studyPresetEntries[job.preset].label}).`,
    `${plural(trained, 'training', 'trainings')}${steps}, on ${count(data.train)} notes; ${count(data.heldOut)} notes are held out.`,
    ...cuts,
  ];
}
