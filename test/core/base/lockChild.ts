/**
 * One of several processes that want the same lock. Each turn it takes the lock, checks that it is
 * alone, and leaves the lock as a process that was killed would: a race for a dead lock, every time.
 *
 *     node lockChild.mjs FOLDER TURNS PROCESSES
 */
import { mkdir, open, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { takeLock } from '../../../src/core/base/lock.js';
import { thisProcess } from '../../../src/core/base/processes.js';

const [folder = '', turns = '', processes = ''] = process.argv.slice(2);
const nobody = JSON.stringify({ ...thisProcess(), pid: 2 ** 22 + 1 });
let taken = 0;
let refused = 0;
let together = 0;

// They begin together, or the first would be done before the last has started.
const started = join(folder, 'started');
await mkdir(started, { recursive: true });
await writeFile(join(started, `${process.pid}`), '');
while ((await readdir(started)).length < Number(processes)) await sleep(5);

while (taken < Number(turns)) {
  const { lock } = await takeLock(join(folder, 'lock'), Date.now);
  if (lock === null) {
    refused++;
    continue;
  }
  taken++;
  const inside = join(folder, 'inside');
  try {
    await (await open(inside, 'wx')).close();
  } catch {
    together++;
    continue;
  }
  await sleep(taken % 3);
  await rm(inside);
  // From here on the lock is dead, and whoever sees it first may have it.
  await writeFile(lock.file, nobody);
}
process.stdout.write(JSON.stringify({ taken, refused, together }));
