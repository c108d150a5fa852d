/**
 * `npm run package [-- --target linux-x64]`: builds and packages the extension for one platform, with the
 * binaries of that platform only, and prints the result. Any machine can package for any platform: a
 * vector store of another one is fetched from npm, and checked against package-lock.json.
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { root } from './bundling.mjs';
import { npm } from './install.mjs';

/**
 * Native files of each platform, in node_modules: ONNX Runtime's package brings those of all platforms,
 * the vector store has a package for each.
 */
export const platforms = {
  'linux-x64': ['linux/x64', '@lancedb/lancedb-linux-x64-gnu'],
  'linux-arm64': ['linux/arm64', '@lancedb/lancedb-linux-arm64-gnu'],
  'win32-x64': ['win32/x64', '@lancedb/lancedb-win32-x64-msvc'],
  'win32-arm64': ['win32/arm64', '@lancedb/lancedb-win32-arm64-msvc'],
  'darwin-arm64': ['darwin/arm64', '@lancedb/lancedb-darwin-arm64'],
};
const targets = Object.keys(platforms);

export const vsixPath = (target) => {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return join(root, 'out', `${name}-${target}-${version}.vsix`);
};

/** Returns the path of the .vsix, or throws a one-sentence error. */
export async function packageExtension({ target = 'linux-x64', quiet = false } = {}) {
  if (platforms[target] === undefined) {
    throw new Error(`Name a target out of ${targets.join(', ')}; not "${target}".`);
  }
  const [runtime, store] = platforms[target];
  const borrowed = borrow(store);
  try {
    await build({ clean: true });
    return pack(
      target,
      [...filesOf(`onnxruntime-node/bin/napi-v6/${runtime}`), `${store}/**`],
      quiet,
    );
  } finally {
    if (borrowed !== null) rmSync(borrowed, { recursive: true, force: true });
  }
}

/** Loaded by ONNX Runtime only where it computes with DirectML, which no device of ours does. */
const unused = ['DirectML.dll'];

function filesOf(folder) {
  return readdirSync(join(root, 'node_modules', folder))
    .filter((name) => !unused.includes(name))
    .map((name) => `${folder}/${name}`);
}

function pack(target, files, quiet) {
  mkdirSync(join(root, 'out'), { recursive: true });
  const ignoreFile = join(root, 'out', `vscodeignore.${target}`);
  const allowed = files.map((file) => `!node_modules/${file}\n`).join('');
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

/**
 * Puts a package of another platform into node_modules, if it is not there.
 *
 * @returns its folder, to be removed again; `null` if npm has installed it
 */
function borrow(name) {
  const place = join(root, 'node_modules', name);
  if (existsSync(place)) return null;
  const { version, integrity } = locked(name);
  const folder = join(root, '.tools', 'platforms', `${name.replace('/', '-')}-${version}`);
  const fetched = join(folder, 'node_modules', name);
  if (fetchedIntegrity(folder, name) !== integrity) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
    // Forced, since it is for another system than this one.
    const args = ['install', '--force', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'];
    const result = npm([...args, `${name}@${version}`], { cwd: folder, stdio: ['ignore', 2, 2] });
    if (result.status !== 0) throw new Error(`npm could not fetch ${name} ${version}.`);
    if (fetchedIntegrity(folder, name) !== integrity) {
      throw new Error(`${name} ${version} is not the package that package-lock.json names.`);
    }
  }
  cpSync(fetched, place, { recursive: true });
  return place;
}

function locked(name) {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return lock.packages[`node_modules/${name}`];
}

function fetchedIntegrity(folder, name) {
  const list = join(folder, 'node_modules', '.package-lock.json');
  if (!existsSync(list)) return null;
  return JSON.parse(readFileSync(list, 'utf8')).packages[`node_modules/${name}`]?.integrity ?? null;
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
