/**
 * Builds everything that runs: dist/extension.cjs, the programs dist/*.mjs, the webviews in
 * dist/webview, and the WebAssembly kernels.
 *
 *     node scripts/build.mjs [--watch] [--minify]
 *
 * A program whose entry point does not exist is left out and named.
 */
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { alias, external, requireBanner, root } from './bundling.mjs';
import { buildKernels } from './kernels.mjs';

const common = {
  absWorkingDir: root,
  bundle: true,
  alias,
  logLevel: 'warning',
  legalComments: 'none',
  sourcemap: 'linked',
  // A map is for line numbers; the sources are in the repository.
  sourcesContent: false,
  metafile: true,
};

const extension = (minify) => ({
  ...common,
  entryPoints: { extension: 'src/extension.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  external: ['vscode'],
  minifySyntax: minify,
  minifyWhitespace: minify,
});

const programs = (minify) => ({
  ...common,
  entryPoints: {
    job: 'src/engine/job/main.ts',
    heartbeat: 'src/engine/job/heartbeat.ts',
    lookup: 'src/engine/lookup/main.ts',
    probe: 'src/engine/probe.ts',
    cli: 'src/cli/main.ts',
    start: 'src/cli/start.ts',
  },
  outdir: 'dist',
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunk-[hash]',
  format: 'esm',
  // What is imported lazily stays a file of its own: a training job never reads LanceDB's.
  splitting: true,
  platform: 'node',
  target: 'node20',
  external,
  banner: { js: requireBanner },
  minifySyntax: minify,
  minifyWhitespace: minify,
});

const webviews = (minify) => ({
  ...common,
  entryPoints: Object.fromEntries(
    ['similarNotes', 'clusters', 'training', 'evaluation'].map((panel) => [
      panel,
      `webview/${panel}/main.ts`,
    ]),
  ),
  outdir: 'dist/webview',
  format: 'iife',
  platform: 'browser',
  target: 'chrome128',
  tsconfig: 'webview/tsconfig.json',
  conditions: ['production'],
  define: { 'process.env.NODE_ENV': '"production"' },
  // One icon font for all panels.
  loader: { '.ttf': 'file' },
  assetNames: '[name]',
  minify,
  sourcemap: false,
});

/** Leaves out entry points that do not exist, and says so. */
function withPresentEntries(options) {
  const present = Object.entries(options.entryPoints).filter(([name, path]) => {
    const there = existsSync(new URL(`../${path}`, import.meta.url));
    if (!there) console.error(`build: ${name} left out, there is no ${path}`);
    return there;
  });
  return present.length === 0 ? null : { ...options, entryPoints: Object.fromEntries(present) };
}

export async function build({ minify = true, clean = false, watch = false } = {}) {
  if (clean) await rm(new URL('../dist', import.meta.url), { recursive: true, force: true });
  await mkdir(new URL('../dist', import.meta.url), { recursive: true });
  await buildKernels();
  const configurations = [extension(minify), programs(minify), webviews(minify)]
    .map(withPresentEntries)
    .filter((options) => options !== null);
  if (watch) {
    for (const options of configurations) await (await esbuild.context(options)).watch();
    return [];
  }
  const results = await Promise.all(configurations.map((options) => esbuild.build(options)));
  return results.map((result) => result.metafile);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const watch = process.argv.includes('--watch');
  await build({ watch, clean: !watch, minify: !watch });
  if (watch) console.error('build: watching');
}
