/** Type-checks the three TypeScript projects: Node code, webviews, and webview tests. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const compiler = fileURLToPath(new URL('node_modules/typescript/bin/tsc', root));

function hasSources(folder) {
  const url = new URL(folder, root);
  return (
    existsSync(url) && readdirSync(url, { recursive: true }).some((name) => name.endsWith('.ts'))
  );
}

let failed = false;
for (const folder of ['./', 'webview/', 'test/webview/']) {
  if (!hasSources(folder)) continue;
  const project = fileURLToPath(new URL(`${folder}tsconfig.json`, root));
  const result = spawnSync(process.execPath, [compiler, '--noEmit', '-p', project], {
    stdio: 'inherit',
  });
  failed ||= result.status !== 0;
}
process.exit(failed ? 1 : 0);
