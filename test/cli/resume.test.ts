/** `pretrain --resume`: what it takes from the run, and what it refuses. */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  makeNotes,
  removeFolder,
  temporaryFolder,
  writeCorpus,
  writeTinyModel,
} from '../engine/fixtures.js';
import { callsIn } from './calls.js';

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => removeFolder(folder));

describe('a resumed run', () => {
  it('goes on with what it was started with, and a refusal changes nothing', async () => {
    const { json, refusal } = callsIn(folder);
    const corpus = await writeCorpus(join(folder, 'notes.jsonl'), makeNotes(120));
    const model = await writeTinyModel(join(folder, 'model'));
    const run = join(folder, 'run');
    const mlm = ['pretrain', '--corpus', corpus, '--objective', 'mlm', '--base', model];
    await json(...mlm, '--out', run, '--max-steps', '5', '--seed', '2');
    const files = ['job.json', 'state.json'];
    const contents = () => Promise.all(files.map((name) => readFile(join(run, name), 'utf8')));
    const before = await contents();
    const resume = [...mlm, '--out', run, '--resume'];
    const settings = join(folder, 'other.json');
    await writeFile(settings, JSON.stringify({ learningRate: 1e-3, epochs: 3 }));
    const other = await writeTinyModel(join(folder, 'other'), { seed: 2 });
    const notes = await writeCorpus(join(folder, 'others.jsonl'), makeNotes(90));
    for (const [args, what] of [
      [['--max-steps', '9', '--seed', '4'], 'seed and maxSteps'],
      [['--config', settings], 'learningRate'],
      [['--config', join(folder, 'none.json')], null],
      [['--loss-weights', 'mlm=2'], 'lossWeights'],
      [['--base', other], 'base model'],
      [['--corpus', notes], 'corpus'],
      [['--text-field', 'words'], 'text field'],
      [['--objective', 'declutr'], 'objective'],
    ] as const) {
      const said = await refusal(2, ...resume, ...args);
      if (what !== null) expect(said).toContain(`was started with another ${what}: resume it`);
      expect(await contents()).toEqual(before);
    }
    // Of 5 steps, a seed of 2, and a copy of the model.
    await cp(model, join(folder, 'copy'), { recursive: true });
    const copy = ['--base', join(folder, 'copy')];
    const resumed = await json(...resume, ...copy, '--loss-weights', 'mlm=1');
    expect(resumed).toMatchObject({ steps: 5 });
    const job = JSON.parse((await contents())[0]!) as object;
    expect(job).toMatchObject({ maxSteps: 5, seed: 2, resume: true, device: 'auto' });
  });
});
