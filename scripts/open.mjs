/**
 * `npm run open [-- FOLDER] [--browser]`: opens VS Code with the extension, by default on the sample notes.
 * Uses `code` from the PATH; without it, or with --browser, code-server from npm, which only this user of
 * this machine can reach.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureInstalled } from './install.mjs';

ensureInstalled();
const { build } = await import('./build.mjs');
const { root } = await import('./bundling.mjs');

const browserOnly = process.argv.includes('--browser');
const [given] = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const folder = resolve(given ?? join(root, 'samples'));

if (!browserOnly && desktopWorks()) await openDesktop();
else await openInBrowser();

/** On Windows code is code.cmd, which only a shell can start. */
function code(args) {
  return spawnSync('code', args, {
    shell: process.platform === 'win32',
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
}

function desktopWorks() {
  return code(['--version']).status === 0;
}

/** Loads the extension from the sources, next to whatever the user has installed. */
async function openDesktop() {
  await build();
  const quote = (path) => (process.platform === 'win32' ? `"${path}"` : path);
  const result = code(['--new-window', `--extensionDevelopmentPath=${quote(root)}`, quote(folder)]);
  if (result.status !== 0) process.exitCode = 1;
  else console.log(`VS Code opens ${folder} with Notespace.`);
}

async function openInBrowser() {
  const { ensureCodeServer, randomPassword, startCodeServer } =
    await import('../test/host/codeServer.mjs');
  const { packageExtension } = await import('./package.mjs');
  const editor = ensureCodeServer();
  if (editor.missing !== undefined) {
    console.error(`There is no "code" on the PATH, and ${editor.missing} Install VS Code first.`);
    process.exit(1);
  }
  // Keeps settings and installed extensions from one run to the next.
  const keep = join(root, '.tools', 'editor');
  mkdirSync(keep, { recursive: true, mode: 0o700 });
  const password = randomPassword();
  const server = await startCodeServer({
    vsix: await packageExtension({ quiet: true }),
    password,
    keep,
  });
  console.log(`Address:  ${server.url}/?folder=${encodeURIComponent(folder)}`);
  console.log(`Password: ${password}`);
  console.log('Ctrl-C ends it.');
  await server.ended;
}
