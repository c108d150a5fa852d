/** `npm run bench -- train [...]` runs bench/train.ts; without a name it lists the benchmarks. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('../bench/', import.meta.url);
const [name, ...args] = process.argv.slice(2);
const file = new URL(`${name}.ts`, folder);
if (name === undefined || !existsSync(file)) {
  const names = readdirSync(folder)
    .filter((entry) => entry.endsWith('.ts'))
    .map((entry) => entry.slice(0, -3));
  console.error(`Name a benchmark: npm run bench -- ${names.join('|')}`);
  process.exit(2);
}
const runTs = fileURLToPath(new URL('./runTs.mjs', import.meta.url));
const result = spawnSync(process.execPath, [runTs, fileURLToPath(file), ...args], {
  stdio: 'inherit',
});
process.exit(result.status ?? 1);
