/** Entry of a job process: `node job.mjs RUN_FOLDER`. Detached; everything goes through that folder. */
import { runJob } from './runJob.js';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('A job process needs its run folder: node job.mjs RUN_FOLDER\n');
  process.exit(2);
}
process.exit(await runJob(folder));
