/**
 * The main job as a user does it, in a real VS Code with the packaged extension: index, read, look
 * at the map, train, reload. The steps build on each other.
 */
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Frame, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { lightPalette } from '../../src/core/report/drawing/palette.js';
import { findChromium } from '../host/chromium.mjs';
import { ensureCodeServer } from '../host/codeServer.mjs';
import { skipOrFail } from '../host/skip.js';
import { temporaryWorkspace } from '../host/vsix.mjs';
import { openWorkbench, type OpenWorkbench } from '../host/workbench.mjs';
import { eventually, webviewFrame } from './frames.js';
import { decodePng, parseColour } from './pixels.js';
import { listNotes, nameCorpus } from './workspaceNotes.js';

const corpusName = 'hospital-notes';
const steps = 60;
/** Quick, yet long enough to be watched. */
const small = { batchTokens: 1024, heldOutTokens: 4000, maxLength: 128 };
const configuration = 'training-mlm.notespace.json';

let workbench: OpenWorkbench;
let isOpen = false;
let page: Page;
let workspace: ReturnType<typeof temporaryWorkspace>;
let missing: string | undefined;
/** Notes of the corpus, by file name. */
let notes: ReadonlyMap<string, string>;

beforeAll(async () => {
  missing = findChromium().missing ?? ensureCodeServer().missing;
  if (missing !== undefined) return;
  workspace = temporaryWorkspace();
  notes = await listNotes(join(workspace.folder, corpusName));
  await nameCorpus(workspace.folder, corpusName);
  workbench = await openWorkbench({
    folder: workspace.folder,
    settings: { 'workbench.colorTheme': 'Light 2026', 'editor.wordWrap': 'on' },
  });
  isOpen = true;
  page = workbench.page;
}, 600_000);

afterAll(async () => {
  if (missing !== undefined) return;
  if (isOpen) await workbench.close();
  workspace.remove();
});

beforeEach((context) => {
  if (missing !== undefined) skipOrFail(context, missing);
});

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await screenshot(`failed-${task.name.replace(/\W+/g, '-')}`);
});

describe('in the workbench', () => {
  test('the palette indexes the notes', async () => {
    await workbench.runCommand('Notespace: Index Notes');
    await runEnds('index');
    const item = page.locator('.statusbar-item[id$="notespace.status"]');
    await item.filter({ hasText: corpusName }).waitFor({ timeout: 10_000 });
  }, 400_000);

  test('Similar Notes follows the open note, and a click opens another', async () => {
    const [name] = [...notes.keys()];
    await openFile(name ?? '');
    await page.locator('.activitybar [aria-label="Notespace"]').first().click();
    const view = await webviewFrame(page, 'Similar Notes');
    await view.getByText(`Similar to ${name}`).waitFor({ timeout: 60_000 });
    await view.locator('[role=option]').first().waitFor();
    const items = view.locator('[role=option]');
    expect(await items.count()).toBe(10);
    await screenshot('workbench-similar-notes');
    const title = await items.first().locator('.title').innerText();
    expect(notes.has(title)).toBe(true);
    await items.first().click();
    await activeTab(title);
    // The list stays while one works through it, and follows to a note that is opened otherwise.
    await page.waitForTimeout(500);
    expect(await view.locator('.about').innerText()).toBe(`Similar to ${name}`);
    const other = [...notes.keys()].find((one) => one !== name && one !== title) ?? '';
    await openFile(other);
    await view.getByText(`Similar to ${other}`).waitFor({ timeout: 30_000 });
  }, 180_000);

  test('hovering a paragraph shows the three nearest records', async () => {
    await expectHover('workbench-hover');
  }, 120_000);

  test('Show Clusters draws a point a note in the colours of the categories', async () => {
    await workbench.runCommand('Notespace: Show Clusters');
    const map = await drawnMap();
    await page.waitForTimeout(1500);
    const entries = await map.locator('.legend .entry-name').allInnerTexts();
    expect(entries.length).toBeGreaterThan(2);
    const box = await boxOf(map, '.map');
    const picture = decodePng(await screenshot('workbench-clusters'));
    for (const [at, hex] of lightPalette.slice(0, entries.length).entries()) {
      const blended = parseColour(hex).map((channel) => channel * 0.85 + 255 * 0.15);
      const [r, g, b] = [blended[0] ?? 0, blended[1] ?? 0, blended[2] ?? 0];
      expect(picture.count([r, g, b], 20, box), entries[at]).toBeGreaterThan(50);
    }
    expect(await map.locator('header').innerText()).toContain(`${notes.size} notes`);
  }, 300_000);

  test('the open note is marked on the map, and a click on a point opens its note', async () => {
    const map = await drawnMap();
    const open = await map.locator('.open-label').innerText();
    expect(notes.has(open)).toBe(true);
    // The list's rows are marked on the map: the second is the point nearest to the open one's.
    await map.locator('[role=option]').nth(1).focus();
    const ring = await boxOf(map, '.ring.hovered');
    await page.mouse.move(ring.x + 60, ring.y + 60);
    await page.mouse.move(ring.x + ring.width / 2, ring.y + ring.height / 2, { steps: 5 });
    const tooltip = map.locator('.tooltip b');
    // Many points lie close together: the name stands still once the pointer does.
    let pointed = '';
    await eventually('the pointer rests on a point', 20, async () => {
      const last = pointed;
      pointed = await tooltip.innerText({ timeout: 5000 }).catch(() => '');
      await page.waitForTimeout(400);
      return pointed !== '' && pointed === last;
    });
    await screenshot('workbench-clusters-point');
    await page.mouse.click(ring.x + ring.width / 2, ring.y + ring.height / 2);
    await activeTab(pointed);
    // The map stays in sight, and marks what is open now.
    await page.mouse.move(600, 840);
    await map.locator('.open-label', { hasText: pointed }).waitFor({ timeout: 20_000 });
  }, 120_000);

  test("a configuration of one's own is completed and checked", async () => {
    await workbench.runCommand('Notespace: Pre-train…');
    // By keyboard alone: a question, back to it, and on.
    await question('Pre-train (1/3)', 'What should the model learn?');
    await page.waitForTimeout(600);
    await screenshot('workbench-pretrain-objective');
    await page.keyboard.press('Enter');
    await question('Pre-train (2/3)', 'Which model does it start from?');
    await page.keyboard.press('Control+Alt+Minus');
    await question('Pre-train (1/3)', 'What should the model learn?');
    await page.keyboard.type('wording (');
    await page.keyboard.press('Enter');
    await question('Pre-train (2/3)', 'Which model does it start from?');
    await screenshot('workbench-pretrain-base');
    await page.keyboard.press('Enter');
    await question('Pre-train (3/3)', 'How long?');
    // What fits into an hour on this machine, and what that rests on.
    const items = page.locator('.quick-input-list .monaco-list-row');
    await items
      .filter({ hasText: 'An hour' })
      .filter({ hasText: /about [\d,]+ steps/ })
      .waitFor({ timeout: 60_000 });
    expect(await items.first().innerText()).toContain('the speed of this machine just now');
    await screenshot('workbench-pretrain-length');
    await page.keyboard.type('Custom');
    await page.keyboard.press('Enter');
    await activeTab(configuration);
    await configure({ maxStep: 12 });
    await page.locator('.squiggly-warning').first().waitFor({ timeout: 30_000 });
    await screenshot('workbench-configuration');
    await workbench.runCommand('Notespace: Pre-train with This Configuration');
    await page
      .locator('.notification-list-item-message', { hasText: 'has no "maxStep"' })
      .waitFor({ timeout: 20_000 });
    expect(await stateOf('pretrain')).toBeNull();
  }, 180_000);

  test('the palette trains, and the loss curve appears while it does', async () => {
    await answerUpToLength();
    await configure({ ...small, maxSteps: steps, evalSteps: 20 });
    await page.keyboard.type('Your');
    await page.keyboard.press('Enter');
    const training = await webviewFrame(page, 'Training', 90);
    await training.locator('.loss path.line').waitFor({ timeout: 120_000 });
    await stepsDrawn(training, 5);
    expect(await training.locator('.status').innerText()).toContain('Running');
    const box = await boxOf(training, '.loss .chart');
    const picture = decodePng(await screenshot('workbench-training'));
    expect(picture.count(parseColour(lightPalette[0] ?? ''), 24, box)).toBeGreaterThan(100);
  }, 300_000);

  test('a reloaded window still draws the run', async () => {
    const before = await stepsDrawn(await webviewFrame(page, 'Training'), 1);
    // VS Code in a browser writes the layout of its editors every few seconds.
    await page.waitForTimeout(6000);
    const reloaded = page.waitForEvent('domcontentloaded', { timeout: 60_000 });
    await workbench.runCommand('Developer: Reload Window');
    await reloaded;
    await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
    const training = await webviewFrame(page, 'Training', 90);
    await training.locator('.loss path.line').waitFor({ timeout: 60_000 });
    expect(await stepsDrawn(training, before)).toBeGreaterThanOrEqual(before);
    await screenshot('workbench-training-reloaded');
  }, 200_000);

  test('hovers are answered while a job trains', async () => {
    const during = await stateOf('pretrain');
    expect(during?.status).toBe('running');
    await openFile([...notes.keys()][1] ?? '');
    await expectHover('workbench-hover-training');
  }, 120_000);

  test('the run ends with a model, and its curve stays', async () => {
    const state = await runEnds('pretrain');
    expect(state.result?.heldOutLoss?.after).toBeLessThan(state.result?.heldOutLoss?.before ?? 0);
    await workbench.runCommand('Notespace: Show Training');
    const training = await webviewFrame(page, 'Training');
    await training.locator('.status', { hasText: 'Done' }).waitFor({ timeout: 30_000 });
    expect(await stepsDrawn(training, steps)).toBe(steps);
    await screenshot('workbench-training-done');
  }, 400_000);

  test('Evaluate compares the model with the one that it started from', async () => {
    await workbench.runCommand('Notespace: Evaluate…');
    await question('Evaluate (1/2)', 'What should be measured?');
    await page.keyboard.press('Enter');
    // The model and its base are ticked.
    const models = page.locator('.quick-input-widget:visible .quick-input-title');
    await models.filter({ hasText: 'Evaluate (2/2)' }).waitFor({ timeout: 30_000 });
    await page.waitForTimeout(400);
    await screenshot('workbench-evaluate-models');
    await page.keyboard.press('Enter');
    await runEnds('evaluate');
    const evaluation = await webviewFrame(page, 'Evaluation');
    await evaluation.locator('tbody tr').nth(1).waitFor({ timeout: 30_000 });
    await screenshot('workbench-evaluation');
    const changes = evaluation.locator('tbody tr').nth(1).locator('.change');
    expect(await changes.count()).toBe(3);
    // Loss and perplexity; the accuracy over so few words may go either way.
    for (const place of [0, 1])
      expect(await changes.nth(place).getAttribute('class')).toMatch(/good/);
  }, 300_000);

  test('Hide Note Text empties views and maps of names and text', async () => {
    await workbench.runCommand('Notespace: Hide Note Text');
    const view = await webviewFrame(page, 'Similar Notes');
    await view.getByText('Note text is hidden.').waitFor({ timeout: 30_000 });
    const text = await view.locator('#app').innerText();
    for (const name of notes.keys()) expect(text).not.toContain(name);
    await screenshot('workbench-hidden');
    await workbench.runCommand('Notespace: Show Note Text');
  }, 120_000);

  test('the triangle above a configuration starts it too', async () => {
    await answerUpToLength();
    await page.keyboard.type('Custom');
    await page.keyboard.press('Enter');
    await activeTab(configuration);
    await configure({ ...small, maxSteps: 12 });
    await page.locator('.editor-actions [aria-label^="Pre-train with This"]').click();
    const training = await webviewFrame(page, 'Training', 60);
    await training.locator('.status', { hasText: 'Running' }).waitFor({ timeout: 60_000 });
    const { result } = await runEnds('pretrain');
    expect(result?.steps).toBe(12);
  }, 400_000);
});

interface State {
  readonly status: string;
  readonly error: { readonly message: string } | null;
  readonly result: {
    readonly steps?: number;
    readonly heldOutLoss?: { before: number; after: number };
  } | null;
}

/** State of the newest run of a kind. */
async function stateOf(kind: string): Promise<State | null> {
  const runs = join(workspace.folder, '.notespace', 'runs');
  if (!existsSync(runs)) return null;
  const names = (await readdir(runs)).filter((name) => name.startsWith(`${kind}-`)).sort();
  const path = join(runs, names.at(-1) ?? '', 'state.json');
  return existsSync(path) ? (JSON.parse(await readFile(path, 'utf8')) as State) : null;
}

async function runEnds(kind: string): Promise<State> {
  const state = await eventually(`the ${kind} run is over`, 350, async () => {
    const now = await stateOf(kind);
    return now !== null && ['done', 'failed', 'cancelled'].includes(now.status) ? now : null;
  });
  expect(state.status, state.error?.message).toBe('done');
  return state;
}

async function openFile(name: string): Promise<void> {
  await page.keyboard.press('Control+P');
  const input = page.locator('.quick-input-widget:visible .quick-input-box input');
  await input.fill(name);
  const row = page.locator('.quick-input-list .monaco-list-row.focused');
  await row.filter({ hasText: name }).waitFor({ timeout: 20_000 });
  await page.keyboard.press('Enter');
  await activeTab(name);
}

async function activeTab(name: string): Promise<void> {
  await page
    .locator('.editor-group-container .tab.active', { hasText: name })
    .first()
    .waitFor({ timeout: 30_000 });
}

/** *Pre-train…* with the first answers, up to its last question. */
async function answerUpToLength(): Promise<void> {
  await workbench.runCommand('Notespace: Pre-train…');
  await question('Pre-train (1/3)', 'What should the model learn?');
  await page.keyboard.press('Enter');
  await question('Pre-train (2/3)', 'Which model does it start from?');
  await page.keyboard.press('Enter');
  await question('Pre-train (3/3)', 'How long?');
}

/** Writes the configuration behind the editor's back, which shows it if it is open. */
async function configure(settings: object): Promise<void> {
  const path = join(workspace.folder, '.notespace', configuration);
  // The flow has made it.
  expect(existsSync(path)).toBe(true);
  await writeFile(path, JSON.stringify(settings, null, 2));
  await page.waitForTimeout(2000);
}

/** The question that is asked, with the keyboard on its first answer. */
async function question(title: string, placeholder: string): Promise<void> {
  const widget = page.locator('.quick-input-widget:visible');
  await widget.locator('.quick-input-title', { hasText: title }).waitFor({ timeout: 30_000 });
  await widget.locator(`input[placeholder="${placeholder}"]`).waitFor({ timeout: 10_000 });
  await widget.locator('.monaco-list-row.focused').waitFor({ timeout: 10_000 });
}

async function drawnMap(): Promise<Frame> {
  return eventually('the map is drawn', 180, async () => {
    const frame = await webviewFrame(page, 'Clusters', 60);
    const drawn = await frame
      .locator('.map[data-renderer]')
      .count()
      .catch(() => 0);
    return drawn === 1 && frame;
  });
}

/** Steps that the Training panel has drawn, once there are `least`. */
async function stepsDrawn(training: Frame, least: number): Promise<number> {
  return eventually(`${least} steps are drawn`, 200, async () => {
    const label = await training.locator('.loss svg[role=img]').first().getAttribute('aria-label');
    const drawn = Number(/over ([\d\u2009]+) step/.exec(label ?? '')?.[1]?.replace('\u2009', ''));
    return drawn >= least ? drawn : null;
  });
}

/** In pixels of the whole window. */
async function boxOf(frame: Frame, selector: string) {
  const box = await frame.locator(selector).first().boundingBox();
  if (box === null) throw new Error(`${selector} is not on the screen`);
  return box;
}

async function expectHover(name: string): Promise<void> {
  const hover = page.locator('.monaco-hover:visible', { hasText: 'Similar records' });
  await eventually('the hover is there', 60, async () => {
    await page.mouse.move(500, 880);
    const line = page.locator('.editor-instance .view-line span span', { hasText: /\w{5}/ }).nth(2);
    const box = await line.boundingBox();
    if (box === null) return null;
    await page.mouse.move(box.x + 12, box.y + box.height / 2);
    await page.mouse.move(box.x + 20, box.y + box.height / 2, { steps: 3 });
    return hover
      .first()
      .waitFor({ timeout: 6000 })
      .then(
        () => true,
        () => null,
      );
  });
  expect(await hover.first().locator('a', { hasText: 'Open' }).count()).toBe(3);
  await screenshot(name);
}

async function screenshot(name: string): Promise<Buffer> {
  const folder = fileURLToPath(new URL('../../out/screenshots/', import.meta.url));
  await mkdir(folder, { recursive: true });
  return page.screenshot({ path: join(folder, `${name}.png`) });
}
