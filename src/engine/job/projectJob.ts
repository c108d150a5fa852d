import { failure } from '../../core/base/errors.js';
import type { JobResult, ProjectJob } from '../../protocol/run.js';
import type { JobContext } from './context.js';

export async function runProjectJob(_spec: ProjectJob, context: JobContext): Promise<JobResult> {
  await context.pauseGate();
  throw failure('This job is not available yet.');
}
