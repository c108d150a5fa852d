/** The stages of `npm test`. Each returns its counts: { passed, failed, skipped }. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from '../test/host/chromium.mjs';
import { ensureCodeServer } from '../test/host/codeServer.mjs';
import { runInHost } from '../test/host/inHost.mjs';
import { temporaryWorkspace } from '../test/host/vsix.mjs';
import { build } from './build.mjs';
import { root } from './bundling.mjs';
import { packageExtension } from './package.mjs';

const bin = (path) => join(root, 'node_modules', path);
const noTests = { passed: 0, failed: 0, skipped: 0 };

const stages = {
  build: () => check(() => build({ clean: true })),
  lint: () => tool(bin('eslint/bin/eslint.js'), ['.', '--max-warnings', '0']),
  types: () => tool(join(root, 'scripts', 'types.mjs'), []),
  format: () => tool(bin('prettier/bin/prettier.cjs'), ['--check', '--log-level', 'warn', '.']),
  unit: () => vitest('unit'),
  engine: () => vitest('engine'),
  package: async () => {
    await packageOnce();
    return vitest('package');
  },
  webview: () => withBrowser('webview', () => vitest('webview')),
  extension: () => withEditor('extension', insideEditor),
  workbench: () => withEditor('workbench', () => vitest('workbench')),
};

/** Only run by name. */
const onRequest = {
  /** Needs a Python with transformers, given in NOTESPACE_PYTHON. */
  python: () => vitest('python'),
  /** Packages for every platform, with what it downloads for that: minutes. */
  platforms: () => {
    process.env.NOTESPACE_TARGETS = 'all';
    return vitest('package');
  },
};

export const defaultStages = Object.keys(stages);
export const stageNames = [...defaultStages, ...Object.keys(onRequest)];

/** These read sources only, on one core: they run beside the stages that mostly wait for a browser. */
const ofSources = ['lint', 'types', 'format'];
const besideThem = ['package', 'webview'];

export async function runStages(names) {
  const total = { ...noTests };
  const needsBuild = names.some((name) => ![...ofSources, 'build'].includes(name));
  const order = needsBuild && !names.includes('build') ? ['build', ...names] : names;
  const inTurn = async (chosen) => {
    for (const name of chosen) await countStage(name, total);
  };
  const among = (group) => order.filter((name) => group.includes(name));
  if (order.includes('build')) {
    // After a failed build the other stages would tell nothing new.
    if ((await countStage('build', total)).failed > 0) return total;
    process.env.NOTESPACE_BUILT = '1';
  }
  await Promise.all([inTurn(among(ofSources)), inTurn(among(besideThem))]);
  await inTurn(order.filter((name) => !['build', ...ofSources, ...besideThem].includes(name)));
  return total;
}

async function countStage(name, total) {
  console.log(`\n=== ${name} ===`);
  const startedAt = Date.now();
  const counts = await { ...stages, ...onRequest }[name]().catch((error) => {
    console.log(error.stack ?? String(error));
    return { ...noTests, failed: 1 };
  });
  for (const key of Object.keys(total)) total[key] += counts[key];
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  console.log(
    `${name}: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped (${seconds} s)`,
  );
  return counts;
}

function skip(name, reason) {
  console.log(`SKIPPED ${name}: ${reason}`);
  return Promise.resolve({ ...noTests, skipped: 1 });
}

/** A stage with a single test: passes if nothing is thrown. */
async function check(body) {
  await body();
  return { ...noTests, passed: 1 };
}

async function tool(script, args) {
  const code = await run(script, args);
  return code === 0 ? { ...noTests, passed: 1 } : { ...noTests, failed: 1 };
}

function run(script, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      if (signal !== null) console.log(`${script} was ended by ${signal}.`);
      resolve(code ?? 1);
    });
  });
}

async function vitest(project) {
  const results = join(root, 'out', 'test-results', `${project}.json`);
  mkdirSync(join(root, 'out', 'test-results'), { recursive: true });
  rmSync(results, { force: true });
  const code = await run(bin('vitest/vitest.mjs'), [
    'run',
    '--project',
    project,
    '--reporter=default',
    '--reporter=json',
    '--outputFile',
    results,
  ]);
  if (!existsSync(results)) return { ...noTests, failed: 1 };
  const report = JSON.parse(readFileSync(results, 'utf8'));
  // A file that fails to load, or an error outside a test, has no test to count.
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((t) => t.status === 'failed'),
  ).length;
  const failed = report.numFailedTests + brokenFiles;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

let packaged = null;

async function packageOnce() {
  packaged ??= await packageExtension({ quiet: false });
  process.env.NOTESPACE_VSIX = packaged;
  return packaged;
}

async function withBrowser(name, body) {
  const browser = findChromium();
  return browser.missing === undefined ? body() : skip(name, browser.missing);
}

async function withEditor(name, body) {
  return withBrowser(name, async () => {
    const editor = ensureCodeServer();
    if (editor.missing !== undefined) return skip(name, editor.missing);
    await packageOnce();
    return body();
  });
}

async function insideEditor() {
  const workspace = temporaryWorkspace();
  try {
    const results = await runInHost({
      vsix: await packageOnce(),
      workspace: workspace.folder,
      onLine: (line) => console.log(line),
    });
    for (const { title, message } of results.failures) console.log(`\nFAILED ${title}\n${message}`);
    return results;
  } finally {
    workspace.remove();
  }
}
