import { failure } from '../../core/base/errors.js';
import type { JobResult, IndexJob } from '../../protocol/run.js';
import type { JobContext } from './context.js';

export async function runIndexJob(_spec: IndexJob, context: JobContext): Promise<JobResult> {
  await context.pauseGate();
  throw failure('This job is not available yet.');
}
