/**
 * The views Runs and Models in a real VS Code, over runs that are made up: nothing is trained here. And an
 * evaluation of a few notes, from its questions to a note that it lists.
 */
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ObjectiveName } from '../../src/protocol/catalogue/objectives.js';
import type { PretrainResult } from '../../src/protocol/pretraining.js';
import { makeNotes, writeCorpus } from '../engine/fixtures.js';
import { findChromium } from '../host/chromium.mjs';
import { ensureCodeServer } from '../host/codeServer.mjs';
import { skipOrFail } from '../host/skip.js';
import { smallModel, temporaryWorkspace } from '../host/vsix.mjs';
import { openWorkbench, type OpenWorkbench } from '../host/workbench.mjs';
import { eventually, webviewFrame } from './frames.js';
import { severalLosses } from './scenes.js';
import { nameCorpus } from './workspaceNotes.js';

const corpusName = 'hospital-notes';
let workbench: OpenWorkbench;
let isOpen = false;
let page: Page;
let workspace: ReturnType<typeof temporaryWorkspace>;
let missing: string | undefined;

beforeAll(async () => {
  missing = findChromium().missing ?? ensureCodeServer().missing;
  if (missing !== undefined) return;
  workspace = temporaryWorkspace();
  await writeCorpus(
    join(workspace.folder, 'ward.jsonl'),
    makeNotes(60, 12).map((note, i) => ({ ...note, id: `patient-${i}` })),
  );
  await nameCorpus(workspace.folder, corpusName, { 'ward.jsonl': 'ward' });
  await madeUpRun('pretrain-2026-11-24-081500', 'mlm', { mlm: 1 }, 1);
  await madeUpRun('pretrain-2026-11-24-093012', 'declutr', { mlm: 1, ntXent: 1 }, 2);
  workbench = await openWorkbench({ folder: workspace.folder });
  isOpen = true;
  page = workbench.page;
}, 600_000);

afterAll(async () => {
  if (isOpen) await workbench.close();
  if (missing === undefined) workspace.remove();
});

beforeEach((context) => {
  if (missing !== undefined) skipOrFail(context, missing);
});

const row = (text: string) => page.locator('.monaco-list-row', { hasText: text }).first();

test('Runs and Models list what there is', async () => {
  await page.locator('.activitybar [aria-label="Notespace"]').first().click();
  await row('DeCLUTR on').waitFor({ timeout: 60_000 });
  expect(await row('DeCLUTR on').innerText()).toMatch(/DeCLUTR, 400 steps, 9\.20 → 3\.\d\d/);
  await page.locator('[aria-label="Models Section"]').click();
  await row('Notespace MiniLM').waitFor({ timeout: 60_000 });
  await page.waitForTimeout(800);
  await screenshot('workbench-runs');
}, 180_000);

test('two runs that are selected are compared', async () => {
  // A click shows the training, and stays a click: the second one adds to the selection.
  await row('DeCLUTR on').click();
  await webviewFrame(page, 'Training', 90);
  await row('Masked tokens on').click({ modifiers: ['Control'] });
  await workbench.runCommand('Notespace: Compare Runs…');
  const comparison = await webviewFrame(page, 'Compare Runs', 90);
  await comparison.locator('path.line').nth(1).waitFor({ timeout: 60_000 });
  expect(await comparison.locator('tbody tr').count()).toBe(2);
  await page.waitForTimeout(800);
  await screenshot('workbench-comparison');
}, 240_000);

/** A menu takes no click in its first moments. */
async function openMenu(label: string): Promise<void> {
  await row(label).click({ button: 'right' });
  await page.locator('.monaco-menu').waitFor({ timeout: 30_000 });
  await page.waitForTimeout(400);
}

test('a run is renamed, and its model with it', async () => {
  await openMenu('DeCLUTR on');
  await page.locator('.monaco-menu .action-label', { hasText: 'Rename Run…' }).click();
  const input = page.locator('.quick-input-widget:visible .quick-input-box input');
  await input.waitFor({ timeout: 30_000 });
  await input.fill('Ward letters, first try');
  await page.keyboard.press('Enter');
  await row('Ward letters, first try').waitFor({ timeout: 30_000 });
  // The name is its own: the folder that others refer to stays.
  expect(existsSync(runFolder('pretrain-2026-11-24-093012'))).toBe(true);
}, 120_000);

test('the menu of a run deletes it, when the question is answered with Delete', async () => {
  const folder = runFolder('pretrain-2026-11-24-081500');
  await row('Ward letters').click();
  await openMenu('Masked tokens on');
  await screenshot('workbench-runs-menu');
  await page.locator('.monaco-menu .action-label', { hasText: 'Delete Run…' }).click();
  const dialog = page.locator('.monaco-dialog-box');
  await dialog.waitFor({ timeout: 30_000 });
  expect(await dialog.innerText()).toContain('Delete the run Masked tokens on hospital-notes, ');
  expect(existsSync(folder)).toBe(true);
  await screenshot('workbench-runs-delete');
  await dialog.locator('.monaco-button', { hasText: 'Delete' }).first().click();
  await eventually('it is gone', 30, () => Promise.resolve(!existsSync(folder)));
  await row('Masked tokens on').waitFor({ state: 'detached', timeout: 30_000 });
}, 240_000);

test('the indexes of two models stand side by side, and switching needs no new index', async () => {
  await workbench.runCommand('Notespace: Index Notes');
  await runEnds('index');
  const status = page.locator('.statusbar-item[id$="notespace.status"]');
  await status.filter({ hasText: 'ward' }).waitFor({ timeout: 30_000 });
  await cp(smallModel, join(workspace.folder, '.notespace', 'models', 'second'), {
    recursive: true,
  });
  // Its buttons are there while the pointer is.
  const models = page.locator('.pane', { has: page.locator('[aria-label="Models Section"]') });
  await models.hover();
  await models.locator('[aria-label^="Refresh"]').click();
  await row('second').waitFor({ timeout: 30_000 });
  await openMenu('second');
  await page.locator('.monaco-menu .action-label', { hasText: 'Index Notes with This' }).click();
  await eventually('a corpus is asked for, or the new index answers', 60, async () => {
    if (await status.filter({ hasText: '· second' }).isVisible()) return true;
    const ask = page.locator('.quick-input-widget:visible .monaco-list-row', { hasText: 'ward' });
    if (await ask.first().isVisible()) await ask.first().click();
    return null;
  });
  const runs = join(workspace.folder, '.notespace', 'runs');
  const jobs = (await readdir(runs)).filter((name) => name.startsWith('index-')).length;
  await workbench.runCommand('Notespace: Switch Index…');
  const items = page.locator('.quick-input-list .monaco-list-row');
  await items.filter({ hasText: 'second' }).filter({ hasText: 'answers now' }).waitFor();
  await screenshot('workbench-switch-index');
  await items.filter({ hasText: 'Notespace MiniLM' }).click();
  await status.filter({ hasText: '· Notespace MiniLM' }).waitFor({ timeout: 10_000 });
  const view = await webviewFrame(page, 'Similar Notes');
  await view.locator('.chip', { hasText: 'Notespace MiniLM' }).waitFor({ timeout: 20_000 });
  await screenshot('workbench-two-indexes');
  expect((await readdir(runs)).filter((name) => name.startsWith('index-'))).toHaveLength(jobs);
}, 300_000);

test('an evaluation is asked for by keyboard, and leads to the notes of a cell', async () => {
  await workbench.runCommand('Notespace: Evaluate…');
  await answer('Evaluate (1/3)', '');
  await answer('Evaluate (2/3)', 'model frozen');
  await answer('Evaluate (3/7)', '');
  await answer('Evaluate (4/7)', '');
  await answer('Evaluate (5/7)', '8');
  await answer('Evaluate (6/7)', '1 time');
  await answer('Evaluate (7/7)', '');
  const evaluation = await webviewFrame(page, 'Evaluation', 90);
  await evaluation.locator('.settings tbody tr').first().waitFor({ timeout: 180_000 });
  await runEnds('evaluate');
  const cell = evaluation.locator('.confusion tbody td:not(.none)').first();
  await cell.click();
  const note = evaluation.locator('[data-list=errors] [role=option]').first();
  expect(await note.innerText()).toMatch(/^patient-\d+/);
  await page.waitForTimeout(800);
  await screenshot('workbench-evaluation-report');
  await note.click();
  // The tab has an opaque name: an id may be a patient's number.
  const tab = page.locator('.tab.active', { hasText: /^note-\w+\.txt/ });
  await tab.first().waitFor({ timeout: 60_000 });
  const tabs = await page.locator('.tabs-container').allInnerTexts();
  expect(tabs.join(' ')).not.toContain('patient');
}, 400_000);

test('an old evaluation opens from the view Runs', async () => {
  await workbench.runCommand('View: Close All Editors');
  await row('Other jobs').click();
  await row('Evaluation on').click();
  const evaluation = await webviewFrame(page, 'Evaluation', 90);
  await evaluation.locator('.settings tbody tr').first().waitFor({ timeout: 60_000 });
}, 180_000);

/** Types over what stands in the question, if anything is to be typed, and goes on. */
async function answer(title: string, text: string): Promise<void> {
  const widget = page.locator('.quick-input-widget:visible');
  await widget.locator('.quick-input-title', { hasText: title }).waitFor({ timeout: 60_000 });
  // Lists are filled, and what they tick is ticked, a moment after they are shown.
  await page.waitForTimeout(800);
  if (text !== '') {
    await page.keyboard.press('Control+A');
    await page.keyboard.type(text);
    await page.waitForTimeout(300);
  }
  await screenshot(`workbench-evaluate-${title.replace(/\D+/g, '-')}`);
  await page.keyboard.press('Enter');
}

/** The newest run of a kind is done. */
async function runEnds(kind: string): Promise<void> {
  const runs = join(workspace.folder, '.notespace', 'runs');
  const status = await eventually(`the ${kind} run is over`, 180, async () => {
    const names = await readdir(runs).catch(() => []);
    const newest = names
      .filter((name) => name.startsWith(`${kind}-`))
      .sort()
      .at(-1);
    if (newest === undefined) return null;
    const state: unknown = JSON.parse(await readFile(join(runs, newest, 'state.json'), 'utf8'));
    const { status: now } = state as { status: string };
    return ['done', 'failed', 'cancelled'].includes(now) ? now : null;
  });
  expect(status).toBe('done');
}

function runFolder(name: string): string {
  return join(workspace.folder, '.notespace', 'runs', name);
}

async function madeUpRun(
  name: string,
  objective: ObjectiveName,
  weights: Readonly<Record<string, number>>,
  startedAt: number,
): Promise<void> {
  const folder = runFolder(name);
  const source = join(workspace.folder, corpusName);
  const lines = severalLosses(weights, 400, 50, startedAt);
  const heldOut = lines.flatMap((line) => (line.heldOutLoss === null ? [] : [line.heldOutLoss]));
  const result: PretrainResult = {
    ...{ kind: 'pretrain', run: folder, model: join(folder, 'model'), steps: 400, tokens: 160_000 },
    ...{ documents: 600, documentsTrain: 540, documentsHeldOut: 60, documentsSkipped: 0 },
    ...{ documentsHeldOutSeen: null, tokensPerSecond: 1000, gemmShare: null },
    loss: { first: 6, last: 4 },
    heldOutLoss: { before: heldOut[0] ?? 0, after: heldOut.at(-1) ?? 0 },
  };
  const files = {
    'job.json': JSON.stringify({
      ...{ kind: 'pretrain', corpus: { source, mapping: {} }, objective, base: '/models/base' },
      ...{ device: 'auto', maxSteps: 400, seed: 0, resume: false, config: {} },
    }),
    'state.json': JSON.stringify({
      ...{ format: 1, kind: 'pretrain', name, status: 'done', pid: 1, startedAt, updatedAt: 1 },
      ...{ progress: null, notes: [], result, error: null },
    }),
    'metrics.jsonl': lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
  };
  await mkdir(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
}

async function screenshot(name: string): Promise<void> {
  const folder = fileURLToPath(new URL('../../out/screenshots/', import.meta.url));
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
