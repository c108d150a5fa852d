/**
 * `npm start`: installs, builds, and runs the main job on the bundled samples and model.
 * Arguments are passed on to it.
 */
import { spawnSync } from 'node:child_process';
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
const result = spawnSync(process.execPath, [program, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exit(result.status ?? 130);
