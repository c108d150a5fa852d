/** Notes, models and disks that are not as they should be: one sentence and an exit code for each. */
import { chmod, cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { changeConfigOf, changeTensorsOf } from '../core/model/changeModel.js';
import { skipOrFail } from '../host/skip.js';
import { makeNotes, program, removeFolder } from '../engine/fixtures.js';
import { onlySentence, startWords } from './calls.js';
import { prepared } from './prepared.js';

const { folder, corpus, model, call, json, refusal } = await prepared(makeNotes(120));

const mlm = (): string[] => ['pretrain', '--corpus', corpus, '--objective', 'mlm', '--base', model];

describe('bad input', () => {
  const index = (source: string, from = model): string[] => [
    ...['index', '--corpus', source, '--model', from, '--store', join(folder, 'bad-store')],
    ...['--device', 'cpu'],
  ];

  it('an empty folder', async () => {
    const empty = join(folder, 'empty');
    await mkdir(empty);
    await refusal(2, ...index(empty));
    await refusal(2, ...mlm().with(2, empty), '--out', join(folder, 'out-empty'));
    expect(await readdir(folder)).not.toContain('bad-store');
  });

  it.each([
    ['a table without rows', 'header.csv', 'id,text\n'],
    ['notes without text', 'blank.jsonl', '{"id": "a", "text": " "}\n'],
  ])('%s', async (_what, name, content) => {
    const source = join(folder, name);
    await writeFile(source, content);
    expect(await refusal(2, 'corpus', source)).toMatch(/holds no note that can be read/);
    await refusal(2, ...index(source));
    await refusal(2, ...mlm().with(2, source), '--out', join(folder, 'out-empty'));
  });

  it('a folder of files that are not text', async () => {
    const pictures = join(folder, 'pictures');
    await mkdir(pictures);
    await writeFile(join(pictures, 'a.txt'), Buffer.from([0x50, 0, 1, 2, 0xff, 0, 0, 3]));
    expect(await refusal(2, 'corpus', pictures)).toMatch(
      /holds no note that can be read \(1 problem, the first in .*a\.txt/,
    );
  });

  it('a file that is not text', async () => {
    const picture = join(folder, 'picture.jsonl');
    await writeFile(picture, Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 37) % 256)));
    const notText = /picture\.jsonl/;
    expect(await refusal(2, 'corpus', picture, '--json')).toMatch(notText);
    expect(await refusal(2, ...index(picture))).toMatch(notText);
  });

  it('records without a note: skipped, counted and told apart from remarks', async () => {
    const source = join(folder, 'warn.csv');
    const rows = makeNotes(20).map(({ id, text }) => `${id},2020-01-02,${text}`);
    rows.splice(1, 0, 'note-0,someday,Twice here', 'blank,2020-01-02,', 'a,b,c,d,e');
    await writeFile(source, `id,date,text\n${rows.join('\n')}\n`);
    const out = join(folder, 'warned');
    const args = ['--out', out, '--max-steps', '1', '--json'];
    const { code, stdout, stderr } = await call(...mlm().with(2, source), ...args).outcome;
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ documents: 21, documentsSkipped: 2 });
    expect(stderr).toMatch(
      /^warn\.csv: 2 records were skipped, 2 remarks \(warn\.csv:[45]: .*\); notespace corpus lists them\.$/m,
    );
  });

  it('a CSV without the mapped column', async () => {
    const table = join(folder, 'table.csv');
    await writeFile(table, 'a,b\n1,some text of a note\n');
    const message = await refusal(2, 'corpus', table, '--text-field', 'body');
    expect(message).toContain('body');
  });

  it.each([
    ['with a missing tensor', 'drop', 1, /lacks the tensor \S+query\.weight: /],
    ['with a tensor of another shape', 'shape', 1, /is \[32\] where config\.json wants \[32, 32\]/],
    ['that does not fit its config.json', 'config', 1, /where config\.json wants \[96, 32\]/],
    ['whose pickle is broken', 'pickle', 1, /pickle/],
    ['without a tokenizer', 'tokenizer', 2, /tokenizer/],
    ['with weights that are cut off', 'truncate', 1, /is broken \(it ends before the data of /],
  ])('a model folder %s', async (_what, damage, code, message) => {
    const damaged = join(folder, `model-${damage}`);
    await cp(model, damaged, { recursive: true });
    await damageModel(damaged, damage);
    expect(await refusal(code, ...index(corpus, damaged))).toMatch(message);
  });

  it('a call of pretrain that was wrong leaves its folder to the next one', async () => {
    const out = join(folder, 'reused');
    const config = join(folder, 'settings.json');
    await writeFile(config, '{"learningRate": -1}');
    await refusal(2, ...mlm(), '--out', out, '--config', config);
    await refusal(2, ...mlm(), '--out', out, '--loss-weights', 'foo=1');
    const empty = join(folder, 'no-notes');
    await mkdir(empty);
    await refusal(2, ...mlm().with(2, empty), '--out', out);
    expect(await refusal(2, ...mlm(), '--out', out, '--resume')).toMatch(/no run .* to resume/);
    expect((await readdir(out)).sort()).toEqual(['job.json', 'state.json']);
    expect(await json(...mlm(), '--out', out, '--max-steps', '2')).toMatchObject({ steps: 2 });
    expect(await refusal(2, ...mlm(), '--out', out)).toMatch(/holds a run already/);
    // A run that got anywhere is kept, whatever was wrong with the call that ended it.
    const state = join(out, 'state.json');
    const done = JSON.parse(await readFile(state, 'utf8')) as object;
    const error = { kind: 'usage', message: 'Wrong.' };
    await writeFile(state, JSON.stringify({ ...done, status: 'failed', error }));
    expect(await refusal(2, ...mlm(), '--out', out)).toMatch(/holds a run already/);
  });

  it('a folder that cannot be written', async (context) => {
    if (process.platform === 'win32') skipOrFail(context, 'Windows has no modes of folders.');
    const locked = join(folder, 'locked');
    await mkdir(locked);
    await chmod(locked, 0o500);
    // The administrator may write everywhere but there.
    const place = process.getuid?.() === 0 ? '/sys/notespace' : locked;
    expect(await refusal(1, ...mlm(), '--out', join(place, 'run'))).toMatch(
      /Permission was denied|read-only/,
    );
    expect(await refusal(1, ...index(corpus).with(6, join(place, 'store')))).toMatch(
      /Permission was denied|read-only/,
    );
  });

  it('a file in the place of a folder', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    expect(await refusal(1, ...mlm(), '--out', join(file, 'run'))).toMatch(/file stands where/);
  });

  it('a disk that takes no more: one sentence, and no half of a model', async (context) => {
    if (process.platform === 'win32') skipOrFail(context, 'Windows has no ulimit.');
    const out = join(folder, 'full');
    // A limit for files, smaller than the model's weights.
    const words = [process.execPath, program('cli'), ...mlm(), '--out', out, '--max-steps', '2'];
    const shell = ['sh', '-c', 'ulimit -f 64; exec "$@"', 'sh'];
    const outcome = await startWords(folder, [...shell, ...words]).outcome;
    expect(outcome.code).toBe(1);
    expect(onlySentence(outcome)).toMatch(/larger than it may/);
    const left = await readdir(out, { recursive: true });
    expect(left.filter((name) => /model\.|\.tmp|safetensors/.test(name))).toEqual([]);
  });

  it('a note full of HTML and command links is data like any other', async () => {
    const hostile = join(folder, 'hostile.jsonl');
    const text =
      '<script>alert(1)</script> [x](command:workbench.action.quit) <img src=x onerror=1>';
    await writeFile(hostile, `${JSON.stringify({ id: 'h', text })}\n`);
    const hostileStore = join(folder, 'hostile-store');
    await json(
      ...['index', '--corpus', hostile, '--model', model, '--store', hostileStore],
      ...['--device', 'cpu'],
    );
    const { results } = await json('similar', '--store', hostileStore, '--text', 'script');
    expect((results as { snippet: string }[])[0]?.snippet).toBe(text);
  });
});

async function damageModel(target: string, damage: string): Promise<void> {
  const weights = join(target, 'model.safetensors');
  if (damage === 'pickle') {
    await removeFolder(weights);
    await writeFile(join(target, 'pytorch_model.bin'), 'PK');
  } else if (damage === 'tokenizer') {
    for (const name of await readdir(target)) {
      if (/token|vocab|merges/.test(name)) await removeFolder(join(target, name));
    }
  } else if (damage === 'truncate') {
    const bytes = await readFile(weights);
    await writeFile(weights, bytes.subarray(0, bytes.length - 100));
  } else if (damage === 'config') {
    await changeConfigOf(target, { intermediate_size: 96 });
  } else {
    await changeTensorsOf(target, (tensors) => {
      const name = [...tensors.keys()].find((each) => each.endsWith('query.weight')) ?? '';
      if (damage === 'drop') tensors.delete(name);
      else tensors.set(name, { shape: [32], data: new Float32Array(32) });
    });
  }
}
