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

it('WebGPU runs every op itself, with the reference’s numbers', async (context) => {
  const swiftShader = findSwiftShader();
  if (swiftShader.environment === undefined) skipOrFail(context, swiftShader.missing);
  // Within the project, so that the bundle finds the packages that stay outside of it.
  const parent = here('../../../node_modules/.cache/notespace/');
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'webgpu-'));
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
    const { stdout } = await promisify(execFile)(process.execPath, [script], {
      env: { ...process.env, ...swiftShader.environment },
      timeout: 300_000,
    });
    const outcome = JSON.parse(stdout) as Record<string, number | string>;
    expect(outcome['embedding']).toBeLessThan(1e-5);
    expect(outcome['tiles']).toBeLessThan(1e-5);
    expect(outcome['gradient']).toBeLessThan(1e-4);
    expect(outcome['contrast']).toBeLessThan(1e-4);
    expect(outcome['control']).toMatch(/fallback/i);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 330_000);
