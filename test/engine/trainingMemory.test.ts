/** A real training job that is refused memory in the middle of its work. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors } from '../../src/core/base/safetensors.js';
import { withoutPatients } from '../../src/protocol/catalogue/fieldRoles.js';
import type { PretrainJob } from '../../src/protocol/pretraining.js';
import { skipOrFail } from '../host/skip.js';
import {
  makeNotes,
  removeFolder,
  temporaryFolder,
  writeCorpus,
  writeTinyModel,
} from './fixtures.js';
import { begin, beginStarved, outcome, trainingJob } from './trainingRuns.js';

let folder: string;
let spec: PretrainJob;
beforeAll(async () => {
  folder = await temporaryFolder();
  const corpus = await writeCorpus(join(folder, 'notes.jsonl'), makeNotes(300, 100));
  // Its logits are the one large thing, so that their refusal leaves room for all that is small.
  const size = { hiddenSize: 16, hiddenLayers: 1, vocabularySize: 30_000 };
  const base = await writeTinyModel(join(folder, 'base'), size);
  const config = { batchTokens: 2048, mlmProbability: 0.6, learningRate: 1e-3 };
  spec = trainingJob({ corpus, base }, { maxSteps: 3, config });
});
afterAll(() => removeFolder(folder));

const limits = process.platform === 'linux' && hasPrlimit();

function hasPrlimit(): boolean {
  try {
    execFileSync('prlimit', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

async function weightsIn(run: string): Promise<ReadonlyMap<string, Float32Array>> {
  const { tensors } = await readSafetensors(join(run, 'model', 'model.safetensors'));
  return new Map([...tensors].map(([name, { data }]) => [name, data]));
}

describe('a training job that runs out of memory', () => {
  it('halves its micro-batches, says so, and ends with the same weights', async (context) => {
    if (!limits) skipOrFail(context, 'no prlimit (util-linux) limits the memory of a process here');
    const free = await begin(folder, 'free', spec);
    expect((await outcome(free)).notes).toEqual([withoutPatients]);
    const starved = await beginStarved(folder, 'starved', spec, 330e6);
    const state = await outcome(starved);
    expect(state).toMatchObject({ status: 'done', error: null });
    expect(state.notes).toContain(
      'Memory ran out, so each micro-batch is cut into 2 parts and the run goes on.',
    );
    const expected = await weightsIn(free.run);
    for (const [name, values] of await weightsIn(starved.run)) {
      const others = expected.get(name)!;
      const worst = values.reduce((most, v, i) => Math.max(most, Math.abs(v - others[i]!)), 0);
      // The true gradient of a key's bias is 0, so that AdamW magnifies rounding.
      expect(worst, name).toBeLessThan(name.endsWith('key.bias') ? 1e-2 : 1e-4);
    }
  });

  it('says what is missing where not even the parameters fit', async (context) => {
    if (!limits) skipOrFail(context, 'no prlimit (util-linux) limits the memory of a process here');
    // The parameters are by far the largest thing that this one asks for.
    const size = { hiddenSize: 64, hiddenLayers: 1, vocabularySize: 150_000 };
    const base = await writeTinyModel(join(folder, 'large'), size);
    const state = await outcome(await beginStarved(folder, 'refused', { ...spec, base }, 220e6));
    expect(state.status).toBe('failed');
    expect(state.error?.message).toMatch(/^Training needs \d+ MiB .* the system refused: close/);
  });
});
