/** Plans a study in several ways, for whoever chooses between them. */
import { planStudy } from '../../core/study/plan.js';
import { planSentences } from '../../core/study/planText.js';
import type { StudyPlanParams, StudyPlans } from '../../protocol/lookup.js';
import { studyFacts } from '../job/study/facts.js';
import { jobThreads } from '../resources.js';

/** Reads the notes, and measures this machine for half a second. */
export async function studyPlans(
  { job, presets }: StudyPlanParams,
  signal: AbortSignal,
): Promise<StudyPlans> {
  const nothing = (): void => undefined;
  const facts = await studyFacts(job, {
    ...{ signal, place: 'panel', onProgress: nothing, note: nothing },
    // Those of the jobs, not of this engine.
    threads: jobThreads(process.env),
  });
  return {
    plans: presets.map((preset) => {
      const plan = planStudy({ ...job, preset }, facts);
      return { preset, seconds: plan.seconds, sentences: planSentences(plan) };
    }),
  };
}
