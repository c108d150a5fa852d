#!/usr/bin/env node
/** Entry point of `notespace`: runs a command, and turns errors into sentences and exit codes. */
import { runCommandLine } from './commandLine.js';
import { watchOutput } from './standardOutput.js';

const output = watchOutput(process);
const exitCode = await runCommandLine(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  now: Date.now,
});
const lost = await output.end();
if (lost !== null) process.stderr.write(`notespace: ${lost}\n`);
// Explicit, since threads of native libraries would keep the process alive.
process.exit(exitCode === 0 && lost !== null ? 1 : exitCode);
