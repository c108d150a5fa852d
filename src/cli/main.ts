/** Entry of `notespace`: parses the call, runs a command, turns errors into sentences and exit codes. */
import { runCommandLine } from './commandLine.js';

process.exitCode = await runCommandLine(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  now: Date.now,
});
// Native libraries keep threads that would hold the process.
process.stdout.write('', () => process.exit());
