/** WebGPU without a GPU: SwiftShader is a Vulkan driver that computes on the CPU. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findSwiftShader } from '../host/chromium.mjs';
import { skipOrFail } from '../host/skip.js';
import {
  makeNotes,
  program,
  removeFolder,
  temporaryFolder,
  writeCorpus,
  writeTinyModel,
} from './fixtures.js';

const run = promisify(execFile);
const driver = findSwiftShader();
let folder: string;
let model: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  model = await writeTinyModel(join(folder, 'model'));
});
afterAll(() => removeFolder(folder));

const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  ...driver.environment,
  NOTESPACE_CACHE: join(folder, 'cache'),
});

async function cli(...args: string[]): Promise<Record<string, unknown>> {
  const { stdout } = await run(process.execPath, [program('cli'), ...args, '--json'], {
    env: environment(),
  });
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('WebGPU', () => {
  it('embeds as the CPU does, wholly on the device', async (context) => {
    if (driver.missing !== undefined) skipOrFail(context, driver.missing);
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const { stdout } = await run(
      process.execPath,
      ['scripts/runTs.mjs', 'test/engine/webgpuChild.ts', model],
      { env: environment(), cwd: root },
    );
    const { largest, difference, knownAnswer } = JSON.parse(stdout) as Record<string, number>;
    expect(largest).toBeGreaterThan(0.1);
    expect(difference).toBeLessThanOrEqual(1e-4);
    expect(knownAnswer).toBeLessThanOrEqual(1e-4);
  }, 300_000);

  it('trains as the CPU does, to a model with the same held-out loss', async (context) => {
    if (driver.missing !== undefined) skipOrFail(context, driver.missing);
    const corpus = await writeCorpus(join(folder, 'training.jsonl'), makeNotes(40));
    const settings = join(folder, 'training.json');
    await writeFile(settings, JSON.stringify({ batchTokens: 128, maxLength: 32, evalSteps: null }));
    const losses: number[] = [];
    for (const device of ['cpu', 'webgpu']) {
      const out = join(folder, `trained-on-${device}`);
      const asked = ['--corpus', corpus, '--objective', 'mlm', '--base', model, '--out', out];
      const how = ['--device', device, '--max-steps', '3', '--config', settings];
      const { steps, heldOutLoss } = await cli('pretrain', ...asked, ...how);
      expect(steps).toBe(3);
      losses.push((heldOutLoss as { after: number }).after);
    }
    expect(losses[0]! / losses[1]!).toBeCloseTo(1, 3);
  }, 300_000);

  it('is found usable, and an index made with it has the CPU’s neighbours', async (context) => {
    if (driver.missing !== undefined) skipOrFail(context, driver.missing);
    const { providers } = await cli('doctor');
    expect(providers).toContainEqual(
      expect.objectContaining({ name: 'webgpu', usable: true, reason: null }),
    );
    const corpus = await writeCorpus(join(folder, 'notes.jsonl'), makeNotes(30));
    const similarities: number[][] = [];
    for (const device of ['cpu', 'webgpu']) {
      const store = join(folder, device);
      const indexing = ['--corpus', corpus, '--model', model, '--store', store];
      expect(await cli('index', ...indexing, '--device', device)).toMatchObject({ documents: 30 });
      const query = ['--store', store, '--text', 'cough and sputum', '--device', device];
      const { results } = (await cli('similar', ...query, '-k', '30')) as {
        results: { id: string; similarity: number }[];
      };
      results.sort((a, b) => (a.id < b.id ? -1 : 1));
      similarities.push(results.map(({ similarity }) => similarity));
    }
    const [cpu = [], webgpu = []] = similarities;
    expect(cpu).toHaveLength(30);
    cpu.forEach((value, i) => expect(webgpu[i]).toBeCloseTo(value, 4));
  }, 300_000);
});
