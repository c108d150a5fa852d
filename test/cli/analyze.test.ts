/** Analysis on the command line: what it says, leaves and goes on from. */
import { readdir, readFile, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readState } from '../../src/engine/runFolder.js';
import { contentOf } from '../../src/extension/panels/analysisMessages.js';
import { readAnalysis } from '../../src/extension/runs/analysisFile.js';
import { analysisFigureNames } from '../../src/protocol/catalogue/analysis.js';
import { eventually, makeNotes, writeTinyModel } from '../engine/fixtures.js';
import { prepared } from './prepared.js';

const template = 'Please bring this letter and your medication list to every visit.';

const notes = makeNotes(60, 12).map((note, i) => ({
  ...note,
  text: i % 10 === 0 ? `${note.text} ${template}` : note.text,
  patient: `p${Math.floor(i / 2)}`,
}));
const { folder, corpus, model, call, json, refusal } = await prepared(notes);
const other = await writeTinyModel(join(folder, 'other'), { seed: 2 });

const analyze = (...options: string[]): string[] => [
  ...['analyze', '--corpus', corpus, '--group-field', 'patient', '--models', `${model},${other}`],
  ...['--device', 'cpu', ...options],
];

interface Model {
  readonly model: string;
  readonly cosine: Readonly<Record<string, number | null>>;
  readonly space: Readonly<Record<string, number | null>>;
  readonly clusters: Readonly<Record<string, number | null>>;
  readonly graph: Readonly<Record<string, number | null>>;
  readonly intervals: Readonly<Record<string, { readonly low: number | null }>>;
  readonly settings: Readonly<Record<string, unknown>>;
}

describe('notespace analyze', () => {
  it('gives every figure of every model, with intervals, settings and findings', async () => {
    const document = await json(...analyze('--out', join(folder, 'run')));
    const models = document['models'] as Model[];
    expect(models.map((each) => each.model)).toEqual([model, other]);
    for (const { cosine, space, clusters, graph, intervals, settings } of models) {
      const names = [cosine, space, clusters, graph].flatMap((part) => Object.keys(part));
      expect(names).toEqual(expect.arrayContaining(analysisFigureNames));
      expect(Object.keys(intervals)).toEqual(analysisFigureNames);
      for (const name of ['within', 'between', 'gap'] as const) {
        expect(cosine[name]).toEqual(expect.any(Number));
      }
      expect(clusters['adjustedRandIndex']).toEqual(expect.any(Number));
      expect(graph['homophily']).toEqual(expect.any(Number));
      expect(settings).toMatchObject({ neighbours: 15, edges: 'either', resampled: 'groups' });
    }
    expect(document['documents']).toBe(60);
    const findings = document['findings'] as string[];
    expect(findings.some((each) => /nearest neighbours, .* are the same in other/.test(each))).toBe(
      true,
    );
    expect(findings.some((each) => /1 passage recurs word for word/.test(each))).toBe(true);
    expect(findings.join(' ')).not.toMatch(/NaN|undefined|null/);
  });

  it('leaves its report in files without any text of notes', async () => {
    const out = join(folder, 'run');
    const names = [
      'report.json',
      'report.csv',
      'similarities.csv',
      'notes.csv',
      'repeated.csv',
      'report.html',
    ];
    const files = await Promise.all(names.map((name) => readFile(join(out, name), 'utf8')));
    for (const text of files) expect(text).not.toMatch(/medication list|NaN|undefined/);
    const [report = '', table = '', , notes = '', repeated = '', page = ''] = files;
    const { models, repeated: passages } = JSON.parse(report) as {
      models: { groups: { kMeans: { size: number; keywords: string[]; typical: string[] }[] } }[];
      repeated: { passages: { documents: number; text: string | null }[] };
    };
    const clusters = models[0]?.groups.kMeans ?? [];
    expect(clusters.reduce((sum, { size }) => sum + size, 0)).toBe(60);
    expect(clusters.every(({ typical }) => typical.every((id) => id.startsWith('note-')))).toBe(
      true,
    );
    expect(passages.passages).toMatchObject([{ documents: 6, text: null }]);
    expect(table.split('\r\n')).toHaveLength(2 * analysisFigureNames.length + 2);
    expect(notes.split('\r\n')).toHaveLength(2 * 60 + 2);
    expect(repeated.split('\r\n')).toHaveLength(3);
    expect(page).toContain('This page holds no text of notes.');
    expect((await readState(out, Date.now()))?.result?.kind).toBe('analyze');
    // As the editor's panel takes it.
    const { content, ids } = contentOf(await readAnalysis(out), {
      ...{ corpus: 'ward', isFolder: false, bundled: '/none' },
    });
    expect(content).toMatchObject({
      documents: 60,
      resampled: 'groups',
      changes: [{ a: 'other' }],
    });
    expect(ids.every((id) => id.startsWith('note-'))).toBe(true);
  });

  it('takes what is done from before, and refuses another analysis in the same folder', async () => {
    const out = join(folder, 'run');
    const before = await readFile(join(out, 'report.csv'), 'utf8');
    const parts = await readdir(join(out, 'parts'));
    expect(parts).toHaveLength(2);
    const long = new Date(2001, 1, 1);
    for (const part of parts) await utimes(join(out, 'parts', part), long, long);
    await json(...analyze('--out', out));
    expect(await readFile(join(out, 'report.csv'), 'utf8')).toBe(before);
    for (const part of parts) {
      expect((await stat(join(out, 'parts', part))).mtime.getFullYear()).toBe(2001);
    }
    expect(await refusal(2, ...analyze('--out', out, '--seed', '4'))).toMatch(/holds another run/);
  });

  it('shows passages that recur when it is asked to', async () => {
    const out = join(folder, 'text');
    await json(...analyze('--out', out, '--with-text', '--edges', 'mutual', '--neighbours', '4'));
    expect(await readFile(join(out, 'report.html'), 'utf8')).toContain(template);
    expect(await readFile(join(out, 'repeated.csv'), 'utf8')).toContain(template);
  });

  it('stops when it is asked to, and goes on', async () => {
    const out = join(folder, 'stopped');
    const { child, outcome } = call(...analyze('--out', out));
    await eventually(
      'it runs',
      async () => (await readState(out, Date.now()))?.status === 'running',
    );
    child.kill('SIGINT');
    expect((await outcome).code).toBe(130);
    expect((await json(...analyze('--out', out)))['documents']).toBe(60);
  });

  it('says in one sentence what is wrong', async () => {
    expect(await refusal(2, ...analyze('--threshold', 'high'))).toMatch(/not "high"/);
    expect(await refusal(2, ...analyze('--neighbours', '0'))).toMatch(/1 or more, not 0/);
    expect(await refusal(2, ...analyze('--clusters', '1'))).toMatch(/2 or more, not 1/);
  });
});
