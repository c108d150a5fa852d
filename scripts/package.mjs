/**
 * `npm run package [-- --target linux-x64]`: builds and packages the extension for one platform, with the
 * binaries of that platform only, and prints the result.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { root } from './bundling.mjs';

/** Native files of each platform, as paths in node_modules. */
const binaries = {
  'linux-x64': ['onnxruntime-node/bin/napi-v6/linux/x64', '@lancedb/lancedb-linux-x64-gnu'],
  'linux-arm64': ['onnxruntime-node/bin/napi-v6/linux/arm64', '@lancedb/lancedb-linux-arm64-gnu'],
  'win32-x64': ['onnxruntime-node/bin/napi-v6/win32/x64', '@lancedb/lancedb-win32-x64-msvc'],
  'darwin-arm64': ['onnxruntime-node/bin/napi-v6/darwin/arm64', '@lancedb/lancedb-darwin-arm64'],
};

export const vsixPath = (target) => {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return join(root, 'out', `${name}-${target}-${version}.vsix`);
};

/** Returns the path of the .vsix, or throws a one-sentence error. */
export async function packageExtension({ target = 'linux-x64', quiet = false } = {}) {
  const folders = binaries[target];
  if (folders === undefined) {
    throw new Error(`Name a target out of ${Object.keys(binaries).join(', ')}; not "${target}".`);
  }
  const absent = folders.filter((folder) => !existsSync(join(root, 'node_modules', folder)));
  if (absent.length > 0) {
    throw new Error(
      `The binaries for ${target} are not installed (${absent.join(', ')}): package on such a machine.`,
    );
  }
  await build({ clean: true });
  mkdirSync(join(root, 'out'), { recursive: true });
  const ignoreFile = join(root, 'out', `vscodeignore.${target}`);
  const allowed = folders.map((folder) => `!node_modules/${folder}/**\n`).join('');
  writeFileSync(ignoreFile, readFileSync(join(root, '.vscodeignore'), 'utf8') + allowed);
  const vsix = vsixPath(target);
  const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const args = ['package', '--target', target, '--out', vsix, '--ignoreFile', ignoreFile];
  const result = spawnSync(
    process.execPath,
    [vsce, ...args, '--allow-missing-repository', '--no-rewrite-relative-links', '--skip-license'],
    { cwd: root, encoding: 'utf8', input: '' },
  );
  if (!quiet) process.stderr.write(result.stdout);
  if (result.status !== 0) throw new Error(`vsce failed: ${result.stderr}`);
  return vsix;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const at = process.argv.indexOf('--target');
  try {
    const target = at < 0 ? 'linux-x64' : process.argv[at + 1];
    const vsix = await packageExtension({ target });
    console.log(`${vsix}: ${(statSync(vsix).size / 1e6).toFixed(1)} MB`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
