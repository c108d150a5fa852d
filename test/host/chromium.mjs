/**
 * Finds a Chromium for the tests: one on the PATH, else the one that npm brings for linux-x64,
 * unpacked into .tools/. Also finds SwiftShader, a Vulkan driver that needs no GPU.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const tools = fileURLToPath(new URL('../../.tools/', import.meta.url));
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const installed = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let found = null;

/** `{ executable }`, or `{ missing }` with the reason in one sentence. */
export function findChromium() {
  found ??= look();
  return found;
}

function look() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = [
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
    ...installed,
  ];
  for (const candidate of candidates) {
    if (existsSync(candidate) && whyUnusable(candidate) === null) return { executable: candidate };
  }
  const packed = unpackChromium();
  if (packed === null) return { missing: 'There is no chromium or google-chrome on the PATH.' };
  const reason = whyUnusable(packed);
  if (reason === null) return { executable: packed };
  return { missing: `No chromium on the PATH, and the one from npm does not start: ${reason}` };
}

/** `null` when it starts. */
function whyUnusable(executable) {
  if (process.platform === 'win32') return null;
  const result = spawnSync(executable, ['--version', '--no-sandbox'], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  if (result.status === 0) return null;
  return (result.error?.message ?? result.stderr).trim().split('\n')[0] || 'it ends at once';
}

/** Path of the browser that the package @sparticuz/chromium carries, or `null` elsewhere. */
function unpackChromium() {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  const folder = join(tools, 'chromium');
  const executable = join(folder, 'chromium');
  if (existsSync(join(folder, 'vk_swiftshader_icd.json')) && existsSync(executable)) {
    return executable;
  }
  const temporary = `${folder}.${process.pid}`;
  mkdirSync(temporary, { recursive: true });
  // It unpacks into the folder for temporary files, so it gets one of its own.
  const script =
    "import('@sparticuz/chromium').then((m) => m.default.executablePath()).catch(() => process.exit(1))";
  const result = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: fileURLToPath(new URL('../../', import.meta.url)),
    env: { ...process.env, TMPDIR: temporary },
    stdio: 'ignore',
  });
  if (result.status !== 0) {
    rmSync(temporary, { recursive: true, force: true });
    return null;
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(temporary, folder);
  return executable;
}

/** Starts the browser, or throws the reason why there is none. */
export async function launchChromium(options = {}) {
  const browser = findChromium();
  if (browser.missing !== undefined) throw new Error(browser.missing);
  const { chromium } = await import('playwright-core');
  return chromium.launch({
    executablePath: browser.executable,
    headless: true,
    args: [...chromiumFlags, ...(options.args ?? [])],
  });
}

/**
 * `{ environment }` with which a child process finds SwiftShader as its only Vulkan driver, or
 * `{ missing }`. The variables must be set before the process starts.
 */
export function findSwiftShader() {
  if (process.platform !== 'linux') return { missing: 'SwiftShader is looked up on Linux only.' };
  const folders = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome'];
  const packed = unpackChromium();
  if (packed !== null) folders.push(dirname(packed));
  const folder = folders.find((candidate) =>
    existsSync(join(candidate, 'vk_swiftshader_icd.json')),
  );
  if (folder === undefined) return { missing: 'No Chromium here brings SwiftShader.' };
  const loader = vulkanLoader(packed);
  if (loader === undefined) return { missing: 'There is no libvulkan.so.1 (package libvulkan1).' };
  const runtime = join(tools, 'xdg-runtime');
  mkdirSync(runtime, { recursive: true, mode: 0o700 });
  return {
    environment: {
      VK_DRIVER_FILES: join(folder, 'vk_swiftshader_icd.json'),
      XDG_RUNTIME_DIR: runtime,
      ...(loader === null ? {} : { LD_LIBRARY_PATH: loader }),
    },
  };
}

/** `null`: the system has one; a folder: use that one; `undefined`: none. */
function vulkanLoader(packed) {
  const system = [
    '/usr/lib/x86_64-linux-gnu',
    '/usr/lib64',
    '/usr/lib',
    '/usr/lib/aarch64-linux-gnu',
  ];
  if (system.some((folder) => existsSync(join(folder, 'libvulkan.so.1')))) return null;
  return packed === null ? undefined : dirname(packed);
}
