/** Builds dist/ unless it is newer than all sources, or `NOTESPACE_BUILT` is 1 (already built). */
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { root } from './bundling.mjs';

const stamp = join(root, 'dist', '.built');

function newest(path) {
  if (!existsSync(path)) return 0;
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), 0);
}

export async function buildOnce() {
  if (process.env.NOTESPACE_BUILT === '1') return;
  const sources = ['src', 'webview', 'scripts', 'package-lock.json'].map((name) =>
    newest(join(root, name)),
  );
  if (existsSync(stamp) && statSync(stamp).mtimeMs > Math.max(...sources)) return;
  await build();
  writeFileSync(stamp, '');
}
