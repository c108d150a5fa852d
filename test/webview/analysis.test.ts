import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { analysisFigureNames, analysisFigures } from '../../src/protocol/catalogue/analysis.js';
import { launchChromium } from '../host/chromium.mjs';
import { analysisScene, doneAnalysis } from './analysisScenes.js';
import { openPanel, type Panel } from './stage.js';
import type { ThemeName } from './themes.js';

let browser: Browser;
let panel: Panel;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(() => panel.close());

async function open(theme: ThemeName = 'dark', message = analysisScene()): Promise<Panel> {
  panel = await openPanel(browser, 'analysis', { theme, width: 1100, height: 4600 });
  await panel.post(doneAnalysis);
  await panel.post(message);
  return panel;
}

/** Texts of a column, from the top. */
function column(name: string, at: number): Promise<string[]> {
  return panel.page.locator(`[data-table="${name}"] tbody tr > :nth-child(${at})`).allInnerTexts();
}

for (const theme of ['dark', 'light', 'highContrast'] as const) {
  test(`an analysis is drawn in the ${theme} theme, at any width, and nothing runs over its edge`, async () => {
    const { page, screenshot, complaints } = await open(theme);
    for (const [name, width] of Object.entries({ wide: 1400, zoomed: 733 })) {
      await page.setViewportSize({ width, height: 4600 });
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
      const over = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(over, name).toBe(0);
      await screenshot(`analysis-${name}-${theme}`);
    }
    expect(complaints).toEqual([]);
  });
}

test('every figure of every model has its interval, and the sentence of the report', async () => {
  const { page } = await open();
  const rows = page.locator('[data-table^=figures-] tbody tr');
  expect(await rows.count()).toBe(analysisFigureNames.length);
  const text = await page.locator('main').innerText();
  for (const { label, sentence } of Object.values(analysisFigures)) {
    expect(text).toContain(label);
    expect(text).toContain(sentence);
  }
  const within = rows.filter({ hasText: 'Within categories' });
  expect((await within.innerText()).replaceAll(/\s+/g, ' ')).toContain(
    '0.200 0.180 to 0.220 0.280 0.260 to 0.300',
  );
  expect(await rows.filter({ hasText: 'other patients' }).innerText()).toMatch(/–\s+–/);
  // The better of two is marked where a direction is better, and only there.
  expect(await within.locator('.best').count()).toBe(0);
  expect(
    await rows.filter({ hasText: 'How much more alike' }).locator('td:last-child .best').count(),
  ).toBe(1);
});

test('tables sort by any column, by keyboard, each by itself', async () => {
  const { page } = await open();
  expect(await column('differences', 1)).toEqual([
    'Within categories',
    'Homophily',
    'Purity',
    'Hubness',
  ]);
  const head = page.locator('[data-table=differences] [data-column=difference]');
  await head.focus();
  await page.keyboard.press('Enter');
  await page.locator('[data-table=differences] th[aria-sort=descending]').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('[data-table=differences] th[aria-sort=ascending]').waitFor();
  expect(await column('differences', 1)).toEqual([
    'Hubness',
    'Purity',
    'Homophily',
    'Within categories',
  ]);
  expect((await column('groups', 2)).map(Number)).toEqual([90, 79, 68, 57, 46]);
  await page.locator('[data-table=moved-0] [data-column=to]').click();
  await page.locator('[data-table=moved-0] th[aria-sort=ascending]').waitFor();
  // Without a value, whichever way the others go.
  expect((await column('moved-0', 4)).at(-1)).toBe('–');
});

test('squares show the pairs of categories, and how far apart they are', async () => {
  const { page } = await open();
  const cell = page.locator('.heat').nth(1).locator('tbody tr').nth(1).locator('td');
  expect(await cell.nth(0).innerText()).toBe('0.24');
  await page.getByRole('radio', { name: 'how far apart' }).check();
  await expect.poll(() => cell.nth(0).innerText()).toBe('0.28');
  expect(await cell.nth(1).innerText()).toBe('–');
});

test('groups are those of the chosen model and kind', async () => {
  const { page } = await open();
  await page.getByRole('radio', { name: 'Communities of the graph' }).check();
  await expect.poll(() => column('groups', 1).then((rows) => rows.length)).toBe(6);
  await page.locator('select[name=groups-model]').selectOption({ index: 1 });
  await page.getByText('Communities of the graph in pretrain-2026-11-24-081500').waitFor();
});

test('notes open from every list', async () => {
  const { page, sent } = await open();
  for (const name of ['groups', 'moved-0', 'mislabels', 'repeated']) {
    await page.locator(`[data-table="${name}"] .link-button`).first().click();
  }
  const opened = (await sent()).filter(({ type }) => type === 'open');
  expect(opened.slice(1).map(({ note }) => note)).toEqual([40, 20, 50]);
  expect(opened).toHaveLength(4);
});

test('while note text is hidden there are no names and no words of notes', async () => {
  const { page } = await open('dark', analysisScene(false));
  const text = await page.locator('main').innerText();
  expect(text).toContain('Note text is hidden');
  expect(text).not.toMatch(/note-0|antibiotics|Keywords/i);
  expect(await column('mislabels', 1)).toContain('Note 21');
});

test('names that are HTML are text, and one model needs no choice', async () => {
  const evil = '<img src=x onerror=window.owned=1>';
  const scene = analysisScene();
  const { page, complaints } = await open('dark', {
    ...{ ...scene, corpus: evil, findings: [evil] },
    models: scene.models.slice(0, 1).map((space) => ({ ...space, name: evil })),
    ...{ comparisons: [], changes: [] },
  });
  expect(await page.locator('h1').innerText()).toBe(evil);
  expect(await page.locator('img').count()).toBe(0);
  expect(await page.locator('select').count()).toBe(0);
  expect(await page.locator('[data-table=differences]').count()).toBe(0);
  expect(complaints).toEqual([]);
});

test('a run says where it is, and goes on with what it finished', async () => {
  panel = await openPanel(browser, 'analysis', { width: 900, height: 400 });
  const progress = { phase: 'pretrain-1: comparing notes', done: 3, total: 9, unit: 'steps' };
  await panel.post({ ...doneAnalysis, status: 'running', progress, millisecondsLeft: 130_000 });
  expect(await panel.page.locator('main').innerText()).toContain('3 of 9 steps, about 2 min left');
  await panel.page.getByText('Cancel').click();
  await panel.post({ ...doneAnalysis, status: 'cancelled', canResume: true });
  await panel.page.getByText('Resume', { exact: true }).click();
  const asked = (await panel.sent()).filter(({ type }) => type === 'control');
  expect(asked.map(({ command }) => command)).toEqual(['cancel', 'resume']);
  expect(panel.complaints).toEqual([]);
});
