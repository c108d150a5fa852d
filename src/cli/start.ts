/**
 * Entry point of `npm start`, after the build: runs the main workflow without an editor, on the bundled
 * sample or on the given corpus (`npm start -- SOURCE`).
 */
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Cancelled } from '../core/base/errors.js';
import { describeError } from '../engine/runOwner.js';
import { traceOf } from '../engine/trace.js';
import { firstRun } from './firstRun.js';
import { watchInterrupts } from './interrupt.js';
import { watchOutput } from './standardOutput.js';
import { createTerminal } from './terminal.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const [source] = process.argv.slice(2);
const output = watchOutput(process);
const terminal = createTerminal(process, Date.now);
const interrupts = watchInterrupts((line) => terminal.say(line));
let exitCode = 0;
try {
  await firstRun(
    {
      corpus: source === undefined ? join(root, 'samples', 'hospital-notes') : resolve(source),
      out: join(root, 'out', 'first-run'),
      showNoteText: source === undefined,
    },
    { terminal, signal: interrupts.signal, env: process.env, cwd: root, now: Date.now },
  );
} catch (error) {
  const { message, kind } = describeError(error);
  const cancelled = error instanceof Cancelled;
  terminal.say(cancelled ? 'Cancelled. npm start begins again.' : message);
  if (process.env['NOTESPACE_TRACE'] !== undefined) terminal.say(traceOf(error));
  exitCode = cancelled ? 130 : kind === 'usage' ? 2 : 1;
}
const lost = await output.end();
if (lost !== null) process.stderr.write(`${lost}\n`);
// Explicit, since threads of native libraries would keep the process alive.
process.exit(exitCode === 0 && lost !== null ? 1 : exitCode);
