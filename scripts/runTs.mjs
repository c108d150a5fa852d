/**
 * Bundles and runs a TypeScript file, for the tools of this repository:
 *
 *     node scripts/runTs.mjs samples/generate.ts [arguments]
 *
 * Each source file keeps its own `import.meta.url`.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import esbuild from 'esbuild';
import { alias, external, requireBanner, root } from './bundling.mjs';
import { buildKernels } from './kernels.mjs';

const [entry, ...args] = process.argv.slice(2);
if (entry === undefined) {
  console.error('Say which file to run: node scripts/runTs.mjs FILE.ts [arguments]');
  process.exit(2);
}

/** Keeps `import.meta.url` of each source file, since tools find files relative to themselves. */
const ownUrls = {
  name: 'own-urls',
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      if (path.includes('node_modules')) return null;
      const contents = readFileSync(path, 'utf8').replaceAll(
        'import.meta.url',
        JSON.stringify(pathToFileURL(path).href),
      );
      return { contents, loader: 'ts' };
    });
  },
};

await buildKernels();
const folder = resolve(root, 'out', 'run', String(process.pid));
mkdirSync(folder, { recursive: true });
await esbuild.build({
  absWorkingDir: root,
  entryPoints: [resolve(entry)],
  outdir: folder,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: 'inline',
  logLevel: 'warning',
  alias,
  external,
  banner: { js: requireBanner },
  plugins: [ownUrls],
});

const program = resolve(folder, `${basename(entry, '.ts')}.mjs`);
const child = spawn(process.execPath, ['--enable-source-maps', program, ...args], {
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code) => {
  rmSync(folder, { recursive: true, force: true });
  process.exitCode = code ?? 1;
});
