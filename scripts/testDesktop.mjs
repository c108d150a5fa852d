/**
 * `npm run test:desktop`: runs the tests inside VS Code in desktop VS Code, which is downloaded by
 * @vscode/test-electron unless NOTESPACE_VSCODE names an executable. If there is none, the tests are skipped
 * with a message; where `CI` is set, that is a failure.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled } from './install.mjs';

ensureInstalled();
const { bundleTests } = await import('../test/host/inHost.mjs');
const { temporaryWorkspace, testVsix } = await import('../test/host/vsix.mjs');
const { downloadAndUnzipVSCode, resolveCliArgsFromVSCodeExecutablePath, runTests } =
  await import('@vscode/test-electron');
const { root } = await import('./bundling.mjs');

const executable = await desktop();
if (executable === null) {
  console.log('0 passed, 0 failed, 1 skipped');
  process.exit((process.env.CI ?? '') === '' ? 0 : 1);
}

const { bundle } = await bundleTests();
const results = join(root, 'out', 'extension-tests', 'desktop-results.json');
rmSync(results, { force: true });
const extensions = join(root, 'out', 'desktop-extensions');
install(await testVsix());
const workspace = temporaryWorkspace();
const empty = join(root, 'test', 'host', 'emptyExtension');
await runTests({
  vscodeExecutablePath: executable,
  extensionDevelopmentPath: empty,
  extensionTestsPath: bundle,
  extensionTestsEnv: { NOTESPACE_TEST: '1', NOTESPACE_TEST_RESULTS: results },
  launchArgs: [
    workspace.folder,
    '--disable-workspace-trust',
    `--extensions-dir=${extensions}`,
    `--user-data-dir=${join(root, 'out', 'desktop-user-data')}`,
  ],
}).catch((error) => console.error(error.message));
workspace.remove();
const counts = existsSync(results)
  ? JSON.parse(readFileSync(results, 'utf8'))
  : { passed: 0, failed: 1, skipped: 0, failures: [] };
for (const { title, message } of counts.failures) console.log(`\nFAILED ${title}\n${message}`);
console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exitCode = counts.failed > 0 ? 1 : 0;

async function desktop() {
  const named = process.env.NOTESPACE_VSCODE;
  if (named !== undefined) return named;
  try {
    return await downloadAndUnzipVSCode({
      cachePath: join(root, '.tools', 'vscode'),
      timeout: 30_000,
    });
  } catch (error) {
    console.log(
      `SKIPPED: desktop VS Code cannot be had (${error.message.split('\n')[0]}). ` +
        'Name an executable in NOTESPACE_VSCODE, or run `npm test`, which uses VS Code from npm.',
    );
    return null;
  }
}

function install(vsix) {
  const [cli, ...args] = resolveCliArgsFromVSCodeExecutablePath(executable);
  const result = spawnSync(
    cli,
    [...args, `--extensions-dir=${extensions}`, '--install-extension', vsix, '--force'],
    { encoding: 'utf8', shell: process.platform === 'win32' },
  );
  if (result.status !== 0)
    throw new Error(`VS Code did not install the extension: ${result.stderr}`);
}
