/**
 * Installs the packages of package-lock.json unless they are up to date. Imports only Node modules, so that
 * a fresh clone needs no other command than `npm start` or `npm test`.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = new URL('../node_modules/.notespace-stamp', import.meta.url);

function lockHash() {
  const hash = createHash('sha256');
  for (const file of ['package-lock.json', '.npmrc']) {
    hash.update(readFileSync(new URL(`../${file}`, import.meta.url)));
  }
  return `${hash.digest('hex')} node ${process.versions.modules} ${process.platform}-${process.arch}\n`;
}

/** The npm that runs this script, or else the one on the PATH. */
export function npmCommand() {
  const running = process.env.npm_execpath;
  if (running !== undefined && running.endsWith('.js') && existsSync(running)) {
    return { command: process.execPath, args: [running], shell: false };
  }
  // On Windows npm is npm.cmd, which only a shell can start.
  return { command: 'npm', args: [], shell: process.platform === 'win32' };
}

export function npm(args, { cwd = root, stdio = 'inherit' } = {}) {
  const { command, args: first, shell } = npmCommand();
  return spawnSync(command, [...first, ...args], {
    cwd,
    stdio,
    shell,
    env: {
      ...process.env,
      // Skips the download of CUDA libraries by its install script, which is disabled anyway.
      ONNXRUNTIME_NODE_INSTALL: 'skip',
      // `npm test --silent` must not hide the reason for a failed installation.
      npm_config_loglevel: 'warn',
    },
  });
}

export function requireNode(major) {
  if (Number(process.versions.node.split('.')[0]) >= major) return;
  console.error(`Notespace needs Node ${major} or later; this is ${process.version}.`);
  process.exit(1);
}

/** Runs `npm ci` unless it has already run for this lockfile, Node version and platform. */
export function ensureInstalled() {
  requireNode(20);
  const wanted = lockHash();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('Installing packages (npm ci) ...');
  if (!install() && !install()) {
    console.error('npm ci failed: check the connection to the npm registry and run this again.');
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}

/** Called twice if necessary, since the registry may fail temporarily. */
function install() {
  const result = npm(['ci', '--no-audit', '--no-fund'], { stdio: ['ignore', 2, 2] });
  if (result.error !== undefined) console.error(result.error.message);
  return result.status === 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureInstalled();
