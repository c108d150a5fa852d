/** The command line as it is called: its JSON, its exit codes, and a sentence for each wrong call. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readingOptions } from '../../src/cli/sharedOptions.js';
import { readMetricsFrom } from '../../src/engine/metricsLines.js';
import type { MergeOutcome } from '../../src/protocol/pretraining.js';
import { skipOrFail } from '../host/skip.js';
import { eventually, makeNotes, writeTinyModel } from '../engine/fixtures.js';
import { prepared } from './prepared.js';

const { folder, corpus, model, call, json, refusal } = await prepared(makeNotes(120));
const store = join(folder, 'store');
const run = join(folder, '.notespace', 'runs', 'first');

const mlm = (): string[] => ['pretrain', '--corpus', corpus, '--objective', 'mlm', '--base', model];

describe('notespace', () => {
  it('looks at a corpus', async () => {
    expect(await json('corpus', corpus)).toEqual({
      format: 1,
      documents: 120,
      skipped: 0,
      encoding: 'utf-8',
      dialect: null,
      fields: ['id', 'text', 'category'],
      columns: [
        { name: 'id', type: 'text', caution: 'it says whose note it is' },
        { name: 'text', type: 'text', caution: 'it is the text' },
        { name: 'category', type: 'text', caution: null },
      ],
      kept: [],
      groups: 0,
      categories: { bone: 40, heart: 40, lung: 40 },
      words: { median: 44, p95: 44 },
      mapping: {
        text: 'text',
        id: 'id',
        category: 'category',
        label: null,
        group: null,
        date: null,
        split: null,
      },
      dates: null,
      missing: [],
      classes: [],
      problems: [],
    });
  });

  it('shows how a table is read, and takes what overrules it', async () => {
    const table = join(folder, 'odd.csv');
    await writeFile(table, 'x;A, b;NA\ny;C, d;E\u001b[31m\n');
    const cut = ['--delimiter', ';', '--no-header', '--missing-values', 'E', '--quote', 'none'];
    const fields = ['--text-field', 'column 2', '--category-field', 'column 3'];
    expect(await json('corpus', table, ...cut, ...fields)).toMatchObject({
      documents: 2,
      encoding: 'utf-8',
      fields: ['column 1', 'column 2', 'column 3'],
      dialect: { delimiter: ';', quote: null, header: false, columns: 3 },
      categories: { NA: 1, 'E\u001b[31m': 1 },
    });
    const { stdout } = await call('corpus', table, ...cut, ...fields).outcome;
    expect(stdout).toMatch(/^table +semicolon, no quotes, no header, 3 columns$/m);
    expect(stdout).toContain('E\\u001b[31m (1)');
    expect(stdout).not.toContain('\u001b');
  });

  it('refuses what does not apply to the kind of file', async () => {
    const { code, stderr } = await call('corpus', corpus, '--delimiter', ';').outcome;
    expect(code).toBe(2);
    expect(stderr).toMatch(/--delimiter does not apply to JSON Lines such as .*: leave it out/);
  });

  it('shows how dates were read', async () => {
    const table = join(folder, 'dated.csv');
    await writeFile(table, 'text,date\nCough,03/04/2020\nPain,25/04/2020\n');
    const { stdout } = await call('corpus', table).outcome;
    expect(stdout).toMatch(/^dates +day first, 2020-04-03 to 2020-04-25$/m);
    const { dates } = await json('corpus', table);
    expect(dates).toEqual({ order: 'day-first', first: '2020-04-03', last: '2020-04-25' });
  });

  it('names a broken line by its number, skips it and counts it', async () => {
    const broken = join(folder, 'broken.jsonl');
    const lines = makeNotes(3).map((note) => JSON.stringify(note));
    await writeFile(broken, [lines[0], '{"text": "no end', lines[1], lines[2]].join('\n'));
    const { documents, problems } = await json('corpus', broken);
    expect(documents).toBe(3);
    expect(problems).toEqual([
      { where: 'broken.jsonl:2', what: expect.any(String) as string, skipped: true },
    ]);
    expect((await call('corpus', broken).outcome).stdout).toMatch(/^problems +1 \(1 skipped\)$/m);
  });

  it('indexes once, and embeds nothing the second time', async () => {
    const args = ['index', '--corpus', corpus, '--model', model, '--store', store];
    const first = await json(...args, '--device', 'cpu');
    expect(first).toEqual({
      format: 1,
      documents: 120,
      passages: 120,
      embedded: 120,
      reused: 0,
      removed: 0,
      seconds: expect.any(Number) as number,
    });
    expect(await json(...args)).toMatchObject({ embedded: 0, reused: 120 });
  });

  it('finds by words or meaning alone, among the notes of a filter, and says why', async () => {
    const similar = async (...args: string[]) =>
      (await json('similar', '--store', store, ...args))['results'] as Record<string, unknown>[];
    const words = await similar('--text', 'wheeze', '--mode', 'keyword', '--explain');
    expect(words[0]).toMatchObject({ category: 'lung', semanticRank: null, keywordRank: 1 });
    expect(words[0]?.['why']).toMatchObject({
      semantic: null,
      terms: [{ term: 'wheeze', weight: 1 }],
    });
    const filtered = await similar('--text', 'wheeze', '--where', 'not category = lung', '-k', '5');
    expect(filtered).toHaveLength(5);
    expect(filtered.map(({ category }) => category)).not.toContain('lung');
    const meaning = await similar('--id', 'note-4', '--mode', 'semantic');
    expect(meaning.map(({ semanticRank }) => semanticRank)).toEqual(meaning.map((_, i) => i + 1));
    expect(await similar('--text', 'wheeze', '--where', 'category = none')).toEqual([]);
  });

  it('finds similar notes by id, file and text', async () => {
    const file = join(folder, 'note.txt');
    await writeFile(file, makeNotes(5)[4]?.text ?? '');
    const byId = (await json('similar', '--store', store, '--id', 'note-4', '-k', '3'))['results'];
    expect(byId).toHaveLength(3);
    expect((byId as object[])[0]).toEqual({
      rank: 1,
      id: expect.stringMatching(/^note-(?!4$)/) as string,
      similarity: expect.any(Number) as number,
      category: 'lung',
      snippet: expect.any(String) as string,
      passage: { index: 0, start: 0, end: expect.any(Number) as number },
      percentile: 100,
      nearness: expect.any(Number) as number,
      semanticRank: expect.any(Number) as number,
      keywordRank: expect.any(Number) as number,
      assertion: null,
      copies: { count: 0, ids: [] },
    });
    for (const query of [
      ['--file', file],
      ['--text', makeNotes(5)[4]?.text ?? ''],
    ]) {
      const { results } = await json('similar', '--store', store, ...query);
      expect((results as object[])[0]).toMatchObject({ id: 'note-4' });
      expect((results as { similarity: number }[])[0]?.similarity).toBeCloseTo(1, 4);
    }
  });

  it('pre-trains, and evaluates the model by the name of its run', async () => {
    const result = await json(...mlm(), '--out', run, '--max-steps', '5', '--seed', '2');
    expect(Object.keys(result).sort()).toEqual(
      [
        'format',
        'run',
        'model',
        'steps',
        'tokens',
        'documents',
        'documentsTrain',
        'documentsHeldOut',
        'documentsHeldOutSeen',
        'documentsSkipped',
        'tokensPerSecond',
        'gemmShare',
        'loss',
        'heldOutLoss',
        'ended',
        'merge',
        'baseWithHead',
      ].sort(),
    );
    expect(result['documentsHeldOutSeen']).toBeNull();
    expect(result).toMatchObject({ run, model: join(run, 'model'), steps: 5, documents: 120 });
    const evaluation = await json(
      ...['evaluate', '--corpus', corpus, '--models', `${model},first`, '--protocol', 'mlm'],
      ...['--seed', '2'],
    );
    const results = evaluation['results'] as Record<string, unknown>[];
    expect(results).toHaveLength(2);
    expect(results[1]).toEqual({
      model: join(run, 'model'),
      protocol: 'mlm',
      texts: 'whole',
      shots: null,
      seed: 2,
      macroF1: null,
      accuracy: expect.any(Number) as number,
      ...{ weightedF1: null, balancedAccuracy: null, macroAuroc: null, calibrationError: null },
      loss: expect.any(Number) as number,
      perplexity: expect.any(Number) as number,
    });
    expect(Number(results[1]?.['loss'])).toBeLessThan(Number(results[0]?.['loss']));
    expect(evaluation['leakage']).toEqual([
      { model, documents: null },
      { model: join(run, 'model'), documents: 0 },
    ]);
  });

  it('trains in stages from a base without a head, merges, and keeps the base with its head', async () => {
    const out = join(folder, 'runs-of-stages');
    const headless = await writeTinyModel(join(folder, 'headless'), { mlmHead: false });
    const args = ['pretrain', '--corpus', corpus, '--objective', 'mlm-then-declutr'];
    const steps = ['--max-steps', '4', '--merge-with-base', 'auto'];
    const result = await json(...args, '--base', headless, '--out', out, ...steps);
    // A warm-up of one step, four of the objectives, three merges of one.
    expect(result).toMatchObject({ steps: 8, baseWithHead: join(out, 'base-with-head') });
    const { ratio, neighboursOf, candidates } = result['merge'] as MergeOutcome;
    expect(neighboursOf).toBe('category');
    expect(candidates.map((candidate) => candidate.ratio)).toEqual([1, 0.25, 0.5, 0.75]);
    expect(candidates.map((candidate) => candidate.ratio)).toContain(ratio);
    for (const { neighbours } of candidates) expect(neighbours).toBeGreaterThan(0);
    const card = await readFile(join(out, 'model', 'README.md'), 'utf8');
    expect(card).toMatch(/held-out notes: 1 \(held-out loss .*0\.75 \(held-out loss/);
    const base = join(out, 'base-with-head');
    const next = ['--base', base, '--out', join(folder, 'next'), '--max-steps', '1'];
    const later = await json(...args.slice(0, 4), 'mlm', ...next);
    expect(later).toMatchObject({ steps: 1, baseWithHead: null, merge: null });
    expect((later['loss'] as { last: null }).last).toBeNull();
  });

  it.each(['half', '2'])('refuses to merge at %s', async (ratio) => {
    const out = join(folder, `refused-${ratio}`);
    const { code, stderr } = await call(...mlm(), '--out', out, '--merge-with-base', ratio).outcome;
    expect(code).toBe(2);
    expect(stderr).toMatch(/auto/);
  });

  it('leaves out held-out notes that a model was trained on', async () => {
    const evaluation = await json(
      ...['evaluate', '--corpus', corpus, '--models', 'first', '--protocol', 'mlm', '--seed', '9'],
    );
    const [leak] = evaluation['leakage'] as { documents: number }[];
    expect(leak?.documents).toBeGreaterThan(0);
  });

  it('says how many held-out notes the base model was trained on', async () => {
    const again = ['pretrain', '--corpus', corpus, '--objective', 'mlm', '--base', 'first'];
    const { code, stdout, stderr } = await call(
      ...[...again, '--out', join(folder, 'again'), '--max-steps', '1', '--seed', '9', '--json'],
    ).outcome;
    expect(code, stderr).toBe(0);
    const { documentsHeldOutSeen: seen } = JSON.parse(stdout) as { documentsHeldOutSeen: number };
    expect(seen).toBeGreaterThan(0);
    expect(stderr).toMatch(
      new RegExp(`The base model was trained on ${seen} of the \\d+ held-out notes: `),
    );
  });

  it('is cancelled by Ctrl-C with exit code 130, and resumed', async (context) => {
    if (process.platform === 'win32') skipOrFail(context, 'Windows has no SIGINT to send.');
    const out = join(folder, 'interrupted');
    const args = [...mlm(), '--out', out, '--max-steps', '300'];
    const { child, outcome } = call(...args);
    await eventually('a step', async () => (await readMetricsFrom(out, 0)).lines.length > 3);
    child.kill('SIGINT');
    const { code, stderr } = await outcome;
    expect(stderr).toContain('press Ctrl-C again');
    expect(code).toBe(130);
    const before = (await readMetricsFrom(out, 0)).lines.length;
    expect(before).toBeLessThan(300);
    const { code: again } = await call(...args).outcome;
    expect(again).toBe(2);
    expect(await json(...args, '--resume')).toMatchObject({ steps: 300 });
  });

  it('lists its commands and options', async () => {
    const { code, stdout } = await call('--help').outcome;
    expect(code).toBe(0);
    const read = (page: string) =>
      readFile(new URL(`../../docs/${page}.md`, import.meta.url), 'utf8');
    const pages = ['start', 'search', 'train', 'evaluate', 'models'];
    const guide = (await Promise.all(pages.map((page) => read(`guide/${page}`)))).join('\n');
    const commandLine = await read('command-line');
    for (const name of [
      'doctor',
      'corpus',
      'pretrain',
      'index',
      'similar',
      'evaluate',
      'analyze',
      'runs',
      'finish',
      'cancel',
    ]) {
      expect(stdout).toContain(`notespace ${name}`);
      const help = await call(name, '--help').outcome;
      expect(help.code).toBe(0);
      expect(help.stdout).toContain('--json');
      const synopsis = synopsisOf(name, commandLine);
      for (const [, short, long = ''] of help.stdout.matchAll(/^ +(?:(-\w), )?(--[\w-]+)/gm)) {
        if (long.endsWith('-field')) continue;
        if (long === '--group-from-folder') {
          expect(guide).toContain(`\`${long}\``);
          continue;
        }
        if (long.slice(2) in readingOptions) {
          expect(guide, `the guide on ${long}`).toMatch(new RegExp(`^\\|.*\`${long}\\b`, 'm'));
          continue;
        }
        expect(synopsis, `the page on ${name} and ${long}`).toContain(short ?? long);
      }
    }
    expect(stdout).not.toContain('explain');
    expect(stdout).toContain('hub:owner/name');
  });
});

describe('a call that is wrong', () => {
  it.each([
    ['an unknown command', ['explain'], /no command explain/],
    ['an unknown option', ['similar', '--store', 'x', '--how', 'hybrid'], /no option --how/],
    ['an unknown mode', ['similar', '--store', 'x', '--mode', 'best'], /hybrid, semantic, keyword/],
    ['a missing option', ['index', '--corpus', 'x', '--model', 'y'], /needs --store/],
    ['a missing value', ['index', '--corpus'], /--corpus needs a value/],
    ['a surplus word', ['doctor', 'now'], /"now"/],
    ['a missing word', ['corpus'], /needs one thing more/],
    ['another objective', ['pretrain', '--objective', 'clm'], /one of mlm, .*, not "clm"/],
    [
      'weights that are none',
      [
        ...['pretrain', '--corpus', 'x', '--objective', 'mlm', '--base', 'bundled', '--out', 'y'],
        ...['--loss-weights', 'mlm=much'],
      ],
      /--loss-weights needs names and numbers/,
    ],
    ['another protocol', ['evaluate', '--protocol', 'thawed'], /one of mlm, .*, both/],
    ['a number that is none', ['similar', '--store', 'x', '-k', 'many'], /whole number/],
    ['two queries', ['similar', '--store', 'x', '--id', '1', '--text', 'y'], /only one/],
    [
      'a missing store',
      ['similar', '--store', 'nowhere', '--id', '1'],
      /no index .*: index the notes first/,
    ],
    ['a missing corpus', ['corpus', 'nowhere'], /no file or folder/],
    ['an unknown model', ['index', '--corpus', 'x', '--model', 'm', '--store', 's'], /no model m/],
  ])('names %s', async (_what, args, message) => {
    expect(await refusal(2, ...args)).toMatch(message);
  });

  it('names what --file should not be', async () => {
    const query = ['similar', '--store', store, '--file'];
    expect(await refusal(2, ...query, 'nofile')).toMatch(/no file .*nofile: check --file/);
    expect(await refusal(2, ...query, folder)).toMatch(/is a folder: name a file/);
  });

  it('names a device that cannot train, and a setting that does not exist', async () => {
    const out = join(folder, 'never');
    expect(await refusal(2, ...mlm(), '--out', out, '--device', 'cuda')).toMatch(
      /--device is one of auto, cpu, webgpu, not "cuda"/,
    );
    expect((await call('pretrain', '--help').outcome).stdout).toMatch(
      /--device.*\(auto, cpu, webgpu\)/,
    );
    const config = join(folder, 'config.json');
    await writeFile(config, '{"lr": 1}');
    const other = join(folder, 'never2');
    expect(await refusal(2, ...mlm(), '--out', other, '--config', config)).toMatch(/no "lr"/);
    await writeFile(config, '[]');
    expect(await refusal(2, ...mlm(), '--out', other, '--config', config)).toMatch(/JSON object/);
  });
});

/** What stands about a command in the user guide's list of calls, its further lines included. */
function synopsisOf(name: string, guide: string): string {
  return new RegExp(`^ {4}notespace ${name} .*(\\n {5,}.*)*`, 'm').exec(guide)?.[0] ?? '';
}
