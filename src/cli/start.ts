/** Entry of `npm start`, after the build: the main job on the bundled sample, without an editor. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Cancelled } from '../core/base/errors.js';
import { describeError } from '../engine/runOwner.js';
import { traceOf } from '../engine/trace.js';
import { firstRun } from './firstRun.js';
import { watchInterrupts } from './interrupt.js';
import { createTerminal } from './terminal.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const terminal = createTerminal(process, Date.now);
const interrupts = watchInterrupts((line) => terminal.say(line));
let exitCode = 0;
try {
  await firstRun(
    { corpus: join(root, 'samples', 'hospital-notes'), out: join(root, 'out', 'first-run') },
    { terminal, signal: interrupts.signal, env: process.env, cwd: root, now: Date.now },
  );
} catch (error) {
  const { message } = describeError(error);
  const cancelled = error instanceof Cancelled;
  terminal.say(cancelled ? 'Cancelled. npm start begins again.' : message);
  if (process.env['NOTESPACE_TRACE'] !== undefined) terminal.say(traceOf(error));
  exitCode = cancelled ? 130 : 1;
}
// Native libraries keep threads that would hold the process.
process.exit(exitCode);
