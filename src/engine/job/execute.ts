/** Runs a job's specification, in a job process or in the command line's own. */
import type { JobResult, JobSpec } from '../../protocol/run.js';
import type { JobContext } from './context.js';

/** Each job's code is loaded on demand, so that training never loads the vector store. */
export async function executeJob(spec: JobSpec, context: JobContext): Promise<JobResult> {
  switch (spec.kind) {
    case 'index':
      return (await import('./indexJob.js')).runIndexJob(spec, context);
    case 'pretrain':
      return (await import('./pretrainJob.js')).runPretrainJob(spec, context);
    case 'evaluate':
      return (await import('./evaluateJob.js')).runEvaluateJob(spec, context);
    case 'analyze':
      return (await import('./analyzeJob.js')).runAnalyzeJob(spec, context);
    case 'study':
      return (await import('./studyJob.js')).runStudyJob(spec, context);
    case 'project':
      return (await import('./projectJob.js')).runProjectJob(spec, context);
    case 'import':
      return (await import('./importJob.js')).runImportJob(spec, context);
  }
}
