import { failure } from '../../core/base/errors.js';
import type { JobResult, PretrainJob } from '../../protocol/run.js';
import type { JobContext } from './context.js';

export async function runPretrainJob(_spec: PretrainJob, context: JobContext): Promise<JobResult> {
  await context.pauseGate();
  throw failure('This job is not available yet.');
}
