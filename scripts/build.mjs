/**
 * Builds everything that runs: dist/extension.cjs, the programs dist/*.mjs, the webviews in
 * dist/webview, the JSON schema for training configurations, and the WebAssembly kernels.
 *
 *     node scripts/build.mjs [--watch]
 *
 * Skips programs whose entry point does not exist, with a message.
 */
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { alias, external, requireBanner, root } from './bundling.mjs';
import { buildKernels } from './kernels.mjs';

const dist = join(root, 'dist');

/** Each folder of `webview/` that has a `main.ts` is a panel. */
export const panels = readdirSync(join(root, 'webview')).filter((folder) =>
  existsSync(join(root, 'webview', folder, 'main.ts')),
);

const common = {
  absWorkingDir: root,
  bundle: true,
  alias,
  logLevel: 'warning',
  legalComments: 'none',
  sourcemap: 'linked',
  // Source maps are for line numbers only; the sources are in the repository.
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
  // Lazy imports get chunks of their own: a training job never reads LanceDB's.
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
  entryPoints: Object.fromEntries(panels.map((panel) => [panel, `webview/${panel}/main.ts`])),
  outdir: 'dist/webview',
  chunkNames: 'chunk-[hash]',
  format: 'esm',
  // Shares code between panels, and loads plotly only where it draws. A module that was loaded with the
  // page's nonce passes it on to its imports.
  splitting: true,
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

/** The schema that `contributes.jsonValidation` refers to, from the code that validates the settings. */
async function trainingSchema() {
  const { outputFiles } = await esbuild.build({
    ...common,
    entryPoints: ['src/core/train/config.ts'],
    format: 'esm',
    platform: 'node',
    sourcemap: false,
    write: false,
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  const { trainingConfigSchema } = await import(`data:text/javascript;base64,${code}`);
  const contents = `${JSON.stringify(trainingConfigSchema(), null, 2)}\n`;
  return { path: join(dist, 'training.schema.json'), contents };
}

/** Leaves out entry points that do not exist, and reports them. */
function withPresentEntries(options) {
  const present = Object.entries(options.entryPoints).filter(([name, path]) => {
    const there = existsSync(new URL(`../${path}`, import.meta.url));
    if (!there) console.error(`build: ${name} left out, there is no ${path}`);
    return there;
  });
  return present.length === 0 ? null : { ...options, entryPoints: Object.fromEntries(present) };
}

/**
 * Replaces each file atomically: running programs keep finding what they load, and a failed build leaves
 * the previous one in place. `clean` also removes files that this build did not create.
 */
export async function build({ minify = true, clean = false, watch = false } = {}) {
  await buildKernels();
  const configurations = [extension(minify), programs(minify), webviews(minify)]
    .map(withPresentEntries)
    .filter((options) => options !== null);
  const schema = await trainingSchema();
  if (watch) {
    await writeWhole(schema);
    for (const options of configurations) await (await esbuild.context(options)).watch();
    return [];
  }
  const results = await Promise.all(
    configurations.map((options) => esbuild.build({ ...options, write: false })),
  );
  const files = [...results.flatMap((result) => result.outputFiles), schema];
  await Promise.all(files.map(writeWhole));
  if (clean) await removeOthers(new Set(files.map((file) => file.path)));
  return results.map((result) => result.metafile);
}

async function writeWhole({ path, contents }) {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, contents);
  await rename(temporary, path);
}

async function removeOthers(kept) {
  for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    if (!entry.isDirectory() && !kept.has(path)) await rm(path, { force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const watch = process.argv.includes('--watch');
  try {
    await build({ watch, minify: !watch });
    if (watch) console.error('build: watching');
  } catch {
    // esbuild has already printed the error.
    process.exitCode = 1;
  }
}
