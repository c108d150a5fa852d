/**
 * `npm start`: installs, builds, and runs the main workflow on the bundled sample and model. Passes its
 * arguments on.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';

ensureInstalled();
const { build } = await import('./build.mjs');
await build();

const program = fileURLToPath(new URL('../dist/start.mjs', import.meta.url));
if (!existsSync(program)) {
  console.error('The build made no dist/start.mjs: there is no src/cli/start.ts in this tree.');
  process.exit(1);
}
const child = spawn(process.execPath, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
// Ctrl-C in a terminal reaches both processes: ignore it here and wait for the program to save and exit.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code) => process.exit(code ?? 130));
