import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { findSwiftShader } from '../../host/chromium.mjs';
import { skipOrFail } from '../../host/skip.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

it('embeds on WebGPU as transformers does', async (context) => {
  const swiftShader = findSwiftShader();
  if (swiftShader.environment === undefined) skipOrFail(context, swiftShader.missing);
  // Within the project, so that the bundle finds the packages that stay outside of it.
  const parent = here('../../../node_modules/.cache/notespace/');
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'embed-'));
  try {
    const script = join(folder, 'child.mjs');
    await build({
      entryPoints: [here('./webgpuChild.ts')],
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
    });
    const fixture = here('../../fixtures/tinyRoberta');
    const { stdout } = await promisify(execFile)(process.execPath, [script, fixture, folder], {
      env: { ...process.env, ...swiftShader.environment },
      timeout: 150_000,
    });
    expect((JSON.parse(stdout) as { difference: number }).difference).toBeLessThan(1e-4);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 180_000);
