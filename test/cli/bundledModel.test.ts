/** The model in the box, as it is shipped: the editors' tests put a smaller one in its place. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { removeFolder, temporaryFolder, writeCorpus } from '../engine/fixtures.js';
import { callsIn } from './calls.js';

let folder: string;
let corpus: string;
let { json } = callsIn('');

/** Two notes each of three problems, which share no word but the smallest. */
const notes = [
  ['chest-1', 'Crushing central chest pain into the left arm, sweating; ST elevation on the ECG.'],
  [
    'chest-2',
    'Heart attack last night. Troponin raised, taken for angioplasty of a coronary artery.',
  ],
  ['hip-1', 'Fell from the bed and cannot weight-bear; the right leg is shortened and rotated.'],
  ['hip-2', 'Fracture of the neck of femur, listed for hemiarthroplasty by the orthopaedic team.'],
  ['mood-1', 'Low in mood for months, no pleasure in anything, wakes at four and does not eat.'],
  [
    'mood-2',
    'Depression; started sertraline and was referred to talking therapy. Denies self-harm.',
  ],
] as const;

beforeAll(async () => {
  folder = await temporaryFolder();
  ({ json } = callsIn(folder));
  const rows = notes.map(([id, text]) => ({ id, text, category: id.replace(/-\d$/, '') }));
  corpus = await writeCorpus(join(folder, 'notes.jsonl'), rows);
});
afterAll(() => removeFolder(folder));

it('finds the note of the same problem by meaning', async () => {
  const store = join(folder, 'store');
  await json('index', '--corpus', corpus, '--model', 'bundled', '--store', store);
  for (const [id] of notes) {
    const answer = await json(
      'similar',
      '--store',
      store,
      '--id',
      id,
      '-k',
      '1',
      '--mode',
      'semantic',
    );
    const [nearest] = (answer as { results: { id: string }[] }).results;
    expect(nearest?.id.replace(/-\d$/, ''), id).toBe(id.replace(/-\d$/, ''));
  }
});

it('is trained from', async () => {
  const run = join(folder, 'run');
  const settings = join(folder, 'settings.json');
  await writeFile(
    settings,
    JSON.stringify({ maxLength: 32, batchTokens: 256, heldOutTokens: 200 }),
  );
  const options = [
    '--base',
    'bundled',
    '--objective',
    'mlm',
    '--max-steps',
    '2',
    '--config',
    settings,
  ];
  await json('pretrain', '--corpus', corpus, ...options, '--out', run);
  const config = await readFile(join(run, 'model', 'config.json'), 'utf8');
  expect(JSON.parse(config)).toMatchObject({ model_type: 'bert', hidden_size: 384 });
});
