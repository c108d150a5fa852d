/**
 * Runs mocha tests inside the extension host of a real VS Code, with the packaged extension
 * installed: every test/extension/*.test.ts, bundled to CommonJS.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { root } from '../../scripts/bundling.mjs';
import { launchChromium } from './chromium.mjs';
import { startCodeServer } from './codeServer.mjs';
import { smallModel } from './vsix.mjs';

const folder = join(root, 'out', 'extension-tests');
/** All that the workbench and the extension host write, for whoever looks into a failure. */
const logFile = join(folder, 'log.txt');
/** Stands for the extension under development, so that the installed one is tested. */
const emptyExtension = fileURLToPath(new URL('./emptyExtension', import.meta.url));
const mark = '[tests] ';

/** Path of the bundle; its `run()` writes mocha's results to the file in NOTESPACE_TEST_RESULTS. */
export async function bundleTests(testFolder = join(root, 'test', 'extension')) {
  const files = existsSync(testFolder)
    ? readdirSync(testFolder, { recursive: true })
        .filter((name) => name.endsWith('.test.ts'))
        .sort()
    : [];
  const loads = files.map((name) => `  require(${JSON.stringify(join(testFolder, name))});`);
  mkdirSync(folder, { recursive: true });
  const outfile = join(folder, 'index.cjs');
  await esbuild.build({
    absWorkingDir: root,
    stdin: {
      contents: `import { runMocha } from './runMocha.mjs';
export const run = () => runMocha(() => {\n${loads.join('\n')}\n});`,
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    outfile,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
    // mocha is loaded from node_modules, where it finds its own files.
    external: ['vscode', 'mocha'],
    define: { 'import.meta.url': JSON.stringify(new URL('../extension/x', import.meta.url).href) },
  });
  return { bundle: outfile, files: files.length };
}

/**
 * @returns `{ passed, failed, skipped, failures: [{ title, message }] }`
 */
export async function runInHost({
  vsix,
  workspace,
  testFolder,
  environment = {},
  onLine = () => {},
  timeoutMs = 600_000,
}) {
  const { bundle } = await bundleTests(testFolder);
  const results = join(folder, 'results.json');
  for (const file of [results, logFile]) rmSync(file, { force: true });
  const server = await startCodeServer({
    vsix,
    bundledModel: smallModel,
    smokeTestDriver: true,
    environment: { ...environment, NOTESPACE_TEST: '1', NOTESPACE_TEST_RESULTS: results },
  });
  try {
    const code = await drive(server, workspace, bundle, onLine, timeoutMs);
    if (!existsSync(results)) {
      throw new Error(`The tests in VS Code ended with ${code} before mocha reported anything.`);
    }
    return JSON.parse(readFileSync(results, 'utf8'));
  } catch (error) {
    throw new Error(`${error.message}\n${server.log().slice(-3000)}`, { cause: error });
  } finally {
    await server.stop();
  }
}

/** Opens the workbench as VS Code's own integration tests do; resolves to the tests' exit code. */
async function drive(server, workspace, bundle, onLine, timeoutMs) {
  const browser = await launchChromium();
  try {
    const page = await (await browser.newContext()).newPage();
    const remote = (path) => `vscode-remote://127.0.0.1:${server.port}${path}`;
    const payload = [
      ['extensionDevelopmentPath', remote(emptyExtension)],
      ['extensionTestsPath', remote(bundle)],
    ];
    let finish;
    const done = new Promise((resolve, reject) => {
      finish = resolve;
      const timer = setTimeout(
        () => reject(new Error(`The tests in VS Code took over ${timeoutMs / 1000} s.`)),
        timeoutMs,
      );
      timer.unref();
    });
    await page.exposeFunction('codeAutomationLog', (_type, args) => {
      const line = args
        .map((part) => (typeof part === 'string' ? part : JSON.stringify(part)))
        .join(' ');
      appendFileSync(logFile, `${line}\n`);
      if (line.startsWith(mark)) onLine(line.slice(mark.length));
    });
    await page.exposeFunction('codeAutomationExit', (code) => finish(code));
    const query = `folder=${encodeURIComponent(workspace)}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
    // A busy machine may take its time; what counts is that the tests end.
    await page.goto(`${server.url}/?${query}`, { timeout: 180_000, waitUntil: 'commit' });
    return await done;
  } finally {
    await browser.close();
  }
}
