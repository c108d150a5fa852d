/** Entry point of a job process: `node job.mjs RUN_FOLDER`. Detached; communicates only via that folder. */
import { runJob } from './runJob.js';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('A job process needs its run folder: node job.mjs RUN_FOLDER\n');
  process.exit(2);
}
// The log's disk may be full; a lost line must not stop the job.
process.stderr.on('error', () => undefined);
process.exit(await runJob(folder));
