/** The main job, from notes to a map, as a user goes through it. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import type {
  ClustersHostMessage,
  EvaluationHostMessage,
  SimilarNotesHostMessage,
  TrainingHostMessage,
} from '../../src/protocol/panels.js';
import type { AnalyzeResult } from '../../src/protocol/analysis.js';
import type { AnalysisHostMessage } from '../../src/protocol/analysisPanel.js';
import type { EvaluateResult } from '../../src/protocol/evaluation.js';
import type { IndexResult } from '../../src/protocol/indexing.js';
import type { PretrainResult } from '../../src/protocol/pretraining.js';
import {
  closeEditors,
  eventually,
  execute,
  hoverAt,
  notespace,
  posted,
  runEnds,
  workspaceFolder,
} from './support.js';

const name = 'sample';
let source: string;
/** A note that the tests read. */
let note: vscode.Uri;
let pretraining: string;

describe('From notes to a map', () => {
  before(async () => {
    const { folder } = await notespace();
    source = join(folder, 'samples', 'hospital-notes');
    const files = await vscode.workspace.findFiles(
      new vscode.RelativePattern(vscode.Uri.file(source), '**/*.txt'),
      null,
      20,
    );
    const [first] = files.sort((a, b) => (a.fsPath < b.fsPath ? -1 : 1));
    assert.ok(first, 'the sample corpus has no notes');
    note = first;
  });
  after(closeEditors);

  it('adds the sample corpus', async () => {
    const { api } = await notespace();
    const added = await execute<{ name: string; documents: number }>('addCorpus', { source, name });
    assert.equal(added.name, name);
    assert.ok(added.documents >= 500, `${added.documents} documents`);
    assert.match(
      api.notices().at(-1) ?? '',
      /^Added sample: \d+ notes in \d+ categories.* Dates: unambiguous, [\d-]+ to [\d-]+\./,
    );
    const home = join(workspaceFolder(), '.notespace');
    const text = await readFile(join(home, 'corpora.json'), 'utf8');
    const file = JSON.parse(text) as { active: string; corpora: { name: string }[] };
    assert.equal(file.active, name);
    assert.deepEqual(
      file.corpora.find((corpus) => corpus.name === name),
      { name, source: 'sample:hospital-notes', mapping: {}, model: 'bundled' },
    );
    assert.equal(await readFile(join(home, '.gitignore'), 'utf8'), '*\n');
  });

  it('says what to do before there is an index', async () => {
    await vscode.window.showTextDocument(note);
    await execute('findSimilarNotes');
    const empty = await posted<SimilarNotesHostMessage, 'empty'>(
      'similarNotes',
      'empty',
      (message) => /has no index yet/.test(message.reason),
    );
    assert.equal(empty.action?.command, 'notespace.indexNotes');
    assert.deepEqual(await hoverAt(note, 0), []);
  });

  it('indexes it', async () => {
    const { run } = await execute<{ run: string }>('indexNotes', { corpus: name });
    const result = (await runEnds(run)).result as IndexResult;
    assert.ok(result.documents >= 500);
    assert.equal(result.embedded + result.reused, result.passages);
  });

  it('indexes it again without embedding anything anew', async () => {
    const { run } = await execute<{ run: string }>('indexNotes', { corpus: name });
    const result = (await runEnds(run)).result as IndexResult;
    assert.equal(result.embedded, 0);
    assert.equal(result.reused, result.passages);
  });

  it('shows the notes most similar to the open one', async () => {
    await closeEditors();
    await vscode.window.showTextDocument(note);
    const title = basename(note.fsPath);
    const { items, hideText } = await posted<SimilarNotesHostMessage, 'results'>(
      'similarNotes',
      'results',
      (message) => message.title === title,
    );
    assert.equal(hideText, false);
    assert.equal(items.length, 10);
    assert.ok(items.every(({ snippet }) => snippet.length > 0));
    assert.ok(
      items.every((item) => item.title !== title),
      'the note is not similar to itself',
    );
    // In the order of words and meaning together, so the cosines need not fall.
    assert.ok(items.every(({ similarity }) => Math.abs(similarity) <= 1));
    assert.equal(new Set(items.map((item) => item.title)).size, 10);
  });

  it('finds notes about what the user types', async () => {
    await closeEditors();
    await execute('findSimilarNotes', { corpus: name, text: 'chest pain, troponin raised' });
    const { items } = await posted<SimilarNotesHostMessage, 'results'>(
      'similarNotes',
      'results',
      (message) => message.title === 'What you typed',
    );
    assert.equal(items.length, 10);
  });

  it('keeps them while notes are opened, until similar notes are asked for', async () => {
    const { api } = await notespace();
    const before = api.lastPosts('similarNotes').length;
    await vscode.window.showTextDocument(note);
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(api.lastPosts('similarNotes').length, before);
    await execute('findSimilarNotes');
    await eventually('the open note counts again', () =>
      JSON.stringify(api.lastPosts('similarNotes').at(-1)).includes(basename(note.fsPath)),
    );
  });

  it('hides note text at once, also while no note is open', async () => {
    await closeEditors();
    await execute('findNotesByText', { corpus: name, text: 'shortness of breath' });
    const { api } = await notespace();
    const last = () => JSON.stringify(api.lastPosts('similarNotes').at(-1));
    await eventually('they are found', () => last().includes('"isTyped":true'));
    await execute('hideNoteText');
    try {
      await eventually('they are hidden', () => last().includes('"hideText":true'));
      assert.match(last(), /"snippet":""/);
    } finally {
      await execute('showNoteText');
    }
    await eventually('they are shown again', () => last().includes('"hideText":false'));
  });

  it('shows the three nearest records of a paragraph, each with a link that opens it', async () => {
    const document = await vscode.workspace.openTextDocument(note);
    const line = longestLine(document);
    const [hover] = await hoverAt(note, line);
    assert.ok(hover, 'there is no hover');
    const links = [...hover.value.matchAll(/\]\(command:([\w.]+)\?([^)]*)\)/g)];
    assert.equal(links.length, 3);
    assert.ok(links.every(([, command]) => command === 'notespace.openNote'));
    const [target] = JSON.parse(decodeURIComponent(links[0]?.[2] ?? '')) as [object];
    await closeEditors();
    await execute('openNote', target);
    const opened = await eventually('the record is open', () => vscode.window.activeTextEditor);
    assert.ok(opened.document.uri.fsPath.startsWith(source));
    assert.notEqual(opened.document.uri.fsPath, note.fsPath);
  });

  it('looks at no other text on the screen', async () => {
    const stranger = await vscode.workspace.openTextDocument({ content: 'Chest pain since noon.' });
    assert.deepEqual(await hoverAt(stranger.uri, 0), []);
    const manifest = vscode.Uri.file(join(source, 'metadata.csv'));
    assert.deepEqual(await hoverAt(manifest, 0), []);
  });

  it('hides note text on demand', async () => {
    await vscode.window.showTextDocument(note);
    await execute('hideNoteText');
    try {
      const { items } = await posted<SimilarNotesHostMessage, 'results'>(
        'similarNotes',
        'results',
        (message) => message.hideText,
      );
      assert.ok(items.every((item) => item.snippet === '' && item.title === ''));
      const document = await vscode.workspace.openTextDocument(note);
      const [hover] = await hoverAt(note, longestLine(document));
      assert.ok(hover);
      const rest = hover.value
        .replace(/\[Open\]\([^)]*\)/g, '')
        .replace(/\*\*.*?\*\*/g, '')
        .split('\n')
        .filter((text) => text.trim() !== '');
      assert.equal(rest.length, 3, 'nothing but a similarity and a category a record');
    } finally {
      await execute('showNoteText');
    }
  });

  it('draws the map and marks the open note', async () => {
    await vscode.window.showTextDocument(note, { viewColumn: vscode.ViewColumn.One });
    const { run } = await execute<{ run: string | null }>('showClusters', { corpus: name });
    if (run !== null) await runEnds(run);
    const points = await posted<ClustersHostMessage, 'points'>(
      'clusters',
      'points',
      ({ corpus }) => corpus === name,
    );
    assert.ok(points.x instanceof Float32Array);
    assert.ok(points.x.length >= 500);
    assert.equal(points.names.length, points.x.length);
    const [category] = points.columns;
    assert.ok(category?.kind === 'values');
    assert.equal(category.codes.length, points.x.length);
    assert.ok(category.values.length > 1);
    assert.ok(points.columns.some(({ name }) => name.startsWith('computed')));
    await posted<ClustersHostMessage, 'highlight'>(
      'clusters',
      'highlight',
      ({ point }) => points.names[point ?? -1] === basename(note.fsPath),
    );
  });

  it('pre-trains, and draws the losses meanwhile', async () => {
    const started = await execute<{ run: string }>('pretrain', {
      corpus: name,
      maxSteps: 12,
      // Whether it learns is tested elsewhere; here it may be quick.
      config: { batchTokens: 1024, heldOutTokens: 4000, maxLength: 128 },
    });
    pretraining = started.run;
    await posted<TrainingHostMessage, 'run'>(
      'training',
      'run',
      ({ status }) => status === 'running',
    );
    const state = await runEnds(pretraining);
    const result = state.result as PretrainResult;
    assert.equal(result.steps, 12);
    const { before: lossBefore, after: lossAfter } = result.heldOutLoss;
    assert.notEqual(lossAfter, lossBefore);
    assert.ok(lossAfter < lossBefore + 0.1, `from ${lossBefore} to ${lossAfter}`);
    const { api } = await notespace();
    const steps = await eventually('the curve is whole', () => {
      const messages = api.lastPosts('training') as readonly TrainingHostMessage[];
      const lines = messages.flatMap((message) =>
        message.type === 'metrics' ? message.lines : [],
      );
      const found = new Set(lines.filter(({ loss }) => loss !== null).map(({ step }) => step));
      return found.size >= 12 ? found : null;
    });
    assert.equal(steps.size, 12);
    await eventually('the offer to index', () =>
      api.notices().some((notice) => /^Pre-trained on sample: the held-out loss went/.test(notice)),
    );
  });

  it('evaluates before and after', async () => {
    const { run } = await execute<{ run: string }>('evaluate', { corpus: name, run: pretraining });
    const result = (await runEnds(run)).result as EvaluateResult;
    assert.equal(result.results.length, 2);
    const { rows } = await posted<EvaluationHostMessage, 'figures'>('evaluation', 'figures');
    const [before, after] = rows;
    assert.ok(before && after);
    assert.deepEqual([before.model, after.model], ['bundled', basename(pretraining)]);
    assert.notEqual(after.figures.loss, before.figures.loss);
    for (const { figures } of rows) {
      const { loss = NaN, perplexity = NaN } = figures;
      assert.ok(Math.abs(Math.exp(loss) - perplexity) < 1e-6 * perplexity);
    }
  });

  it('analyses the embedding spaces of both, and names notes that open', async () => {
    const { run } = await execute<{ run: string }>('analyse', { corpus: name, run: pretraining });
    const result = (await runEnds(run)).result as AnalyzeResult;
    const report = await posted<AnalysisHostMessage, 'report'>('analysis', 'report');
    assert.deepEqual(
      report.models.map((space) => space.name),
      ['bundled', basename(pretraining)],
    );
    assert.equal(report.documents, result.documents);
    assert.deepEqual(report.findings, result.findings);
    const [typical = -1] = report.models[1]?.groups.kMeans[0]?.typical ?? [];
    assert.match(report.notes[typical] ?? '', /\.txt$/);
  });

  it('indexes with the new model', async () => {
    const model = basename(pretraining);
    const { run } = await execute<{ run: string }>('indexNotes', { corpus: name, model });
    const result = (await runEnds(run)).result as IndexResult;
    assert.equal(result.embedded, result.passages, 'another model, other vectors');
    const [hover] = await hoverAt(note, longestLine(await vscode.workspace.openTextDocument(note)));
    assert.ok(hover, 'lookups go on with the new model');
  });
});

function longestLine(document: vscode.TextDocument): number {
  const lengths = Array.from(
    { length: document.lineCount },
    (_, at) => document.lineAt(at).text.length,
  );
  return lengths.indexOf(Math.max(...lengths));
}
