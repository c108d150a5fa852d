/** Entry of a job process: `node job.mjs RUN_FOLDER`. Detached; everything goes through that folder. */
import { runJob } from './runJob.js';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  process.stderr.write('A job process needs its run folder: node job.mjs RUN_FOLDER\n');
  process.exit(2);
}
// The log may stand on a disk that is full; a line that is lost must not keep the job from its end.
process.stderr.on('error', () => undefined);
process.exit(await runJob(folder));
