import { failure } from '../../core/base/errors.js';
import type { JobResult, EvaluateJob } from '../../protocol/run.js';
import type { JobContext } from './context.js';

export async function runEvaluateJob(_spec: EvaluateJob, context: JobContext): Promise<JobResult> {
  await context.pauseGate();
  throw failure('This job is not available yet.');
}
