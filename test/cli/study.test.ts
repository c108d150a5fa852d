/** A study as it is called: alone, killed again and again, cancelled, with two workers, and with more asked of it later. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAlive, readState } from '../../src/engine/runFolder.js';
import { studyRecipeNames } from '../../src/protocol/catalogue/study.js';
import { eventually, makeNotes, secretWord } from '../engine/fixtures.js';
import { prepared } from './prepared.js';

// Models this small are slower on more threads.
process.env['NOTESPACE_THREADS'] = '1';
const { folder, corpus, model, call, json, refusal } = await prepared(makeNotes(60, 20));
const study = ['study', '--corpus', corpus, '--base', model, '--target', 'category'];
const small = [...study, '--preset', 'quick', '--steps', '2'];
const two = ['--recipes', 'mlm,category-cross-entropy'];
const out = (name: string): string => join(folder, name);

interface Report {
  readonly isComplete: boolean;
  readonly findings: readonly { claim: string; holds: boolean | null; evidence: string[] }[];
  readonly parts: readonly {
    id: string;
    kind: string;
    status: string;
    job: { readonly models?: string[] } | null;
    cost: { seconds: number; cpuSeconds: number; peakMemoryBytes: number };
  }[];
  readonly missing: readonly string[];
}

async function reportOf(name: string): Promise<Report> {
  return JSON.parse(await readFile(join(out(name), 'report.json'), 'utf8')) as Report;
}

/** Everything but times, memory and places. */
async function numbersOf(name: string): Promise<unknown> {
  const passing = [
    ...['madeAt', 'cost', 'plannedSeconds', 'plan', 'environment', 'tokensPerSecond'],
    ...['gemmShare', 'resume'],
  ];
  const text = JSON.stringify(await reportOf(name)).replaceAll(out(name), 'STUDY');
  return JSON.parse(text, (key, value: unknown) => (passing.includes(key) ? null : value));
}

/** When each part's training or measuring wrote its last state. */
async function endsOf(name: string): Promise<Map<string, number>> {
  const runs = join(out(name), 'runs');
  const ends = new Map<string, number>();
  for (const part of await readdir(runs)) {
    ends.set(part, (await stat(join(runs, part, 'state.json'))).mtimeMs);
  }
  return ends;
}

/** Waits until this process leads the study, and a part of this kind is at work. */
async function atWork(name: string, kind: string, pid: number | undefined): Promise<void> {
  await eventually(`the lead of ${name}`, async () => (await readState(out(name)))?.pid === pid);
  const runs = join(out(name), 'runs');
  await eventually(`a part ${kind} of ${name}`, async () => {
    const parts = await readdir(runs).catch(() => []);
    const states = await Promise.all(
      parts.filter((part) => part.includes(`-${kind}-`)).map((part) => readState(join(runs, part))),
    );
    return states.some((state) => state !== null && state.pid !== 0 && isAlive(state));
  });
}

describe('a study', () => {
  it('runs end to end and reports what holds', async () => {
    const result = await json(...small, ...two, '--out', out('whole'));
    expect(Object.keys(result)).toEqual([
      'format',
      'run',
      'report',
      'models',
      'findings',
      'missing',
    ]);
    expect(result['missing']).toEqual([]);
    const names = (result['models'] as { name: string }[]).map(({ name }) => name);
    expect(names.slice(1)).toEqual(['Masked tokens', 'Note category, cross-entropy']);
    const { findings, parts, isComplete } = await reportOf('whole');
    expect(isComplete).toBe(true);
    expect(result['findings']).toEqual(findings);
    expect(findings.map(({ claim }) => claim)).toHaveLength(4);
    // Contrast was not among the recipes; everything else was measured.
    expect(findings.map(({ evidence }) => evidence[0]!.startsWith('Not measured'))).toEqual([
      ...[false, true, false, false],
    ]);
    expect(parts.map(({ kind, status }) => [kind, status])).toEqual(
      ['train', 'train', 'frozen', 'space', 'fine-tuned', 'fine-tuned'].map((kind) => [
        kind,
        'done',
      ]),
    );
    for (const { cost } of parts) {
      expect(cost.seconds).toBeGreaterThan(0);
      expect(cost.cpuSeconds).toBeGreaterThan(0);
      expect(cost.peakMemoryBytes).toBeGreaterThan(1e7);
    }
    const page = await readFile(result['report'] as string, 'utf8');
    expect(page).not.toContain(secretWord);
    expect(page).not.toContain('<script');
    for (const part of ['Holds here', 'Masked tokens', 'Cost', 'How to do it again', '<path']) {
      expect(page).toContain(part);
    }
  });

  it('killed three times and cancelled ends with the same numbers', async () => {
    const args = [...small, ...two, '--out', out('killed')];
    let started = call(...args);
    for (const kind of ['train', 'frozen', 'fine-tuned']) {
      await atWork('killed', kind, started.child.pid);
      started.child.kill('SIGKILL');
      await started.outcome;
      started = call('study', '--out', out('killed'), '--resume');
    }
    await atWork('killed', 'fine-tuned', started.child.pid);
    started.child.kill('SIGINT');
    const { code, stderr } = await started.outcome;
    expect(stderr).not.toContain('notespace:');
    expect(code).toBe(130);
    expect((await readState(out('killed')))?.status).toBe('cancelled');
    expect((await reportOf('killed')).isComplete).toBe(false);
    await json('study', '--out', out('killed'), '--resume');
    expect(await numbersOf('killed')).toEqual(await numbersOf('whole'));
  });

  // So short a budget leaves out what is slow.
  const brief = [...small, '--recipes', 'mlm,contrastive', '--budget', '1s'];

  it('is shared by two workers', async () => {
    const args = [...brief, '--out', out('shared'), '--worker', '--json'];
    const outcomes = await Promise.all([call(...args).outcome, call(...args).outcome]);
    for (const { code, stdout, stderr } of outcomes) {
      expect(stderr).not.toContain('notespace:');
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toEqual(JSON.parse(outcomes[0].stdout));
    }
    const { parts, isComplete } = await reportOf('shared');
    expect(isComplete).toBe(true);
    expect(parts.map(({ kind, status }) => [kind, status])).toEqual(
      ['train', 'train', 'frozen', 'space'].map((kind) => [kind, 'done']),
    );
    // Both trained at the same time.
    const [first, second] = await Promise.all(
      parts
        .filter(({ kind }) => kind === 'train')
        .map(({ id }) => readState(join(out('shared'), 'runs', id))),
    );
    expect(first!.startedAt).toBeLessThan(second!.updatedAt);
    expect(second!.startedAt).toBeLessThan(first!.updatedAt);
  });

  it('that is asked for more adds only what is missing', async () => {
    const before = await endsOf('shared');
    const more = ['--recipes', 'mlm,contrastive,category-cross-entropy'];
    const result = await json('study', '--out', out('shared'), '--resume', ...more);
    expect(result['models']).toHaveLength(4);
    const after = await endsOf('shared');
    const trained = [...before.keys()].filter((part) => part.includes('-train-'));
    expect(trained).toHaveLength(2);
    for (const part of trained) expect(after.get(part)).toBe(before.get(part));
    // A new training, and another evaluation and analysis of all.
    expect(after.size - before.size).toBe(3);
    const again = await json('study', '--out', out('shared'), '--resume');
    expect(again).toEqual(result);
    expect(await endsOf('shared')).toEqual(after);
  });

  it('says its plan without doing anything', async () => {
    const plan = await json(...brief, '--out', out('planned'), '--plan');
    expect(plan).toMatchObject({ budgetSeconds: 1, data: { documents: 60, categories: 3 } });
    expect(plan['cuts']).toContainEqual('No model is fine-tuned.');
    expect(await readdir(folder)).not.toContain('planned');
    const { stdout, code } = await call(...study, '--plan').outcome;
    expect(code).toBe(0);
    for (const part of ['Masked tokens', 'Plan: ', 'with a budget of 10 h']) {
      expect(stdout).toContain(part);
    }
  });

  it('refuses a wrong call in a sentence', async () => {
    const refused = async (...args: string[]): Promise<string> => refusal(2, 'study', ...args);
    expect(await refused('--out', out('none'))).toContain('study needs --corpus');
    expect(await refused('--out', out('none'), '--resume')).toContain('no study');
    expect(await refused('--out', out('none'), '--worker')).toContain('study needs --');
    const named = ['--corpus', corpus, '--base', model, '--out', out('none')];
    expect(await refused(...named, '--target', 'category', '--budget', 'long')).toContain(
      'such as 45m, 8h',
    );
    expect(await refused(...named, '--target', 'category', '--recipes', 'mlm,x')).toContain(
      studyRecipeNames.join(', '),
    );
    expect(await refused(...small.slice(1), '--out', out('whole'))).toContain('add --resume');
    expect(await refused(...named, '--target', 'nothing')).toContain('nothing');
    expect(await refused('--id-field', 'id', '--out', out('whole'), '--resume')).toContain(
      '--id-field needs --corpus',
    );
  });
});
