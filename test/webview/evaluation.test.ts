import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../host/chromium.mjs';
import { doneEvaluation, reportScene, runningEvaluation } from './evaluationScenes.js';
import { evaluation } from './scenes.js';
import { openPanel, type Panel, type StageOptions } from './stage.js';
import type { ThemeName } from './themes.js';

let browser: Browser;
let panel: Panel;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(() => panel.close());

async function open(theme: ThemeName = 'dark', more: StageOptions = {}): Promise<Panel> {
  const size = { width: 1000, height: 480, ...more };
  panel = await openPanel(browser, 'evaluation', { theme, ...size });
  return panel;
}

/** With the report of a classification on it. */
async function openReport(
  theme: ThemeName = 'dark',
  more: StageOptions = { width: 1100, height: 3200 },
): Promise<Panel> {
  const stage = await open(theme, more);
  await stage.post(doneEvaluation);
  await stage.post(reportScene());
  return stage;
}

for (const theme of ['dark', 'light', 'highContrast'] as const) {
  test(`models are compared with the first one in the ${theme} theme`, async () => {
    const stage = await open(theme);
    await stage.post(evaluation);
    await stage.screenshot(`evaluation-${theme}`);
    const rows = stage.page.locator('tbody tr');
    expect(await rows.nth(0).innerText()).toContain('notespace-minilm');
    const better = await rows.nth(1).innerText();
    for (const part of ['pretrain-1', '2.518', '26.2 %', '12.4', '53.4 %', '12.2 points']) {
      expect(better).toContain(part);
    }
    expect(await rows.nth(1).locator('.change.good').count()).toBe(3);
    expect(await rows.nth(2).locator('.change.bad').count()).toBe(3);
    expect(await stage.page.locator('.verdict').innerText()).toContain('26.2 % lower');
    expect(stage.complaints).toEqual([]);
  });
}

test('an evaluation that is no more says so, and waits for nothing', async () => {
  const stage = await open();
  await stage.post({ type: 'empty', reason: 'There is no evaluation any more.' });
  expect(await stage.page.locator('main').count()).toBe(0);
  expect(await stage.page.locator('#app').innerText()).toContain('no evaluation any more');
  expect(stage.complaints).toEqual([]);
});

test('bars are as long as their figures', async () => {
  const stage = await open();
  await stage.post(evaluation);
  const width = async (row: number) =>
    (await stage.page.locator('tbody tr').nth(row).locator('.bar div').first().boundingBox())
      ?.width ?? 0;
  expect((await width(1)) / (await width(2))).toBeCloseTo(2.518 / 3.634, 2);
});

test('a loss beyond all measure does not break the table', async () => {
  const stage = await open();
  const first = evaluation.rows[0]!;
  await stage.post({
    ...evaluation,
    rows: [first, { ...first, figures: { ...first.figures, loss: 40, perplexity: Infinity } }],
  });
  expect(stage.complaints).toEqual([]);
  expect(await stage.page.locator('tbody tr').nth(1).innerText()).toMatch(/40\.000[\s\S]*–/);
});

test('a model named by HTML is text', async () => {
  const stage = await open();
  const evil = '<img src=x onerror=window.owned=1>';
  await stage.post({ ...evaluation, corpus: evil, verdict: [evil] });
  expect(await stage.page.locator('h1').innerText()).toBe(evil);
  expect(await stage.page.locator('img').count()).toBe(0);
});

const widths = {
  wide: 1400,
  middle: 1100,
  // What a window of 1100 pixels has at 150 %.
  zoomed: 733,
};
for (const theme of ['dark', 'light', 'highContrast'] as const) {
  test(`a report is drawn in the ${theme} theme, at any width, and nothing runs over its edge`, async () => {
    const stage = await openReport(theme);
    await stage.page.locator('[data-cell="1 2"]').click();
    await stage.page.locator('[data-flip=onlySecond]').click();
    for (const [name, width] of Object.entries(widths)) {
      await stage.page.setViewportSize({ width, height: 3000 });
      const chart = stage.page.locator('.curve svg[role=img]');
      await expect.poll(() => chart.getAttribute('width')).toBe(String(width - 40));
      const over = await stage.page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(over, name).toBe(0);
      await stage.screenshot(`evaluation-report-${name}-${theme}`);
    }
    const text = (await stage.page.locator('main').innerText()).toUpperCase();
    for (const part of ['beats its base by 4.1 points', 'Learning curve', 'Which notes flipped']) {
      expect(text).toContain(part.toUpperCase());
    }
    // A line and a band for each model, the baselines' dashed.
    expect(await stage.page.locator('.curve path.band').count()).toBe(6);
    expect(await stage.page.locator('.curve path.dots').count()).toBe(4);
    expect(stage.complaints).toEqual([]);
  });
}

test('the comparison sorts by any column, by keyboard, and says how', async () => {
  const stage = await openReport();
  const head = stage.page.locator('th:has([data-column=macroF1])');
  const means = async (): Promise<number[]> =>
    (await stage.page.locator('.settings tbody tr td:nth-child(3) .mean').allInnerTexts()).map(
      Number,
    );
  expect(await head.getAttribute('aria-sort')).toBe('none');
  await head.locator('button').focus();
  await stage.page.keyboard.press('Enter');
  await stage.page.locator('th[aria-sort=descending]').waitFor();
  const best = await means();
  expect(best).toEqual([...best].sort((a, b) => b - a));
  expect(best).toHaveLength(6);
  await stage.page.keyboard.press('Enter');
  await stage.page.locator('th[aria-sort=ascending]').waitFor();
  expect(await means()).toEqual([...best].reverse());
  // Other numbers of labels, other classifiers.
  await stage.page.getByRole('radio', { name: '8', exact: true }).check();
  await stage.page.getByText('with 8 labels per class').first().waitFor();
  expect(await means()).not.toEqual([...best].reverse());
  await stage.page.getByRole('radio', { name: 'all', exact: true }).check();
  await stage.page.getByRole('checkbox', { name: 'all classifiers' }).check();
  await stage.page.getByText('dense head').first().waitFor();
  expect(await means()).toHaveLength(7);
});

test('the matrix is walked by arrow keys, and a cell lists its notes, which open', async () => {
  const stage = await openReport();
  const { page } = stage;
  await page.locator('[data-cell="0 0"]').focus();
  for (const key of ['ArrowRight', 'ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
  const cell = page.locator('[data-cell="1 2"]');
  await expect
    .poll(() => cell.evaluate((element) => element === document.activeElement))
    .toBe(true);
  expect(await page.locator('.confusion [tabindex="0"]').count()).toBe(1);
  const count = Number(await cell.innerText());
  expect(count).toBeGreaterThan(1);
  await page.keyboard.press('Enter');
  const list = page.locator('[data-list=errors]');
  await list.waitFor();
  expect(await list.locator('h3').innerText()).toBe(
    `${count} notes of Emergency triage predicted as Nursing`,
  );
  expect(await list.locator('[role=option]').count()).toBe(count);
  // The list follows the matrix in the order of the keyboard.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  const name = await page.locator('[role=option]:focus .title').innerText();
  await page.keyboard.press('Enter');
  const sent = (await stage.sent()).at(-1);
  expect(sent?.['type']).toBe('open');
  expect(name).toBe(`note-${String(Number(sent?.['note']) + 1).padStart(4, '0')}.txt`);
  await page.keyboard.press('Escape');
  await list.waitFor({ state: 'detached' });
  await expect
    .poll(() => cell.evaluate((element) => element === document.activeElement))
    .toBe(true);
  // Nothing to list where there is no note.
  expect(stage.complaints).toEqual([]);
});

test('the notes that flipped between two models are listed', async () => {
  const stage = await openReport();
  const { page } = stage;
  const counts = async (): Promise<number[]> =>
    (await page.locator('.flip .count').allInnerTexts()).map(Number);
  const before = await counts();
  expect(before.reduce((sum, count) => sum + count, 0)).toBe(120);
  await page.locator('[data-flip=onlyFirst]').click();
  expect(await page.locator('[data-list=flips] [role=option]').count()).toBe(before[0]);
  // The other way round, the two change places.
  await page.locator('select[name=first]').selectOption({ index: 1 });
  await page.locator('select[name=second]').selectOption({ index: 0 });
  await expect.poll(counts).toEqual([before[1], before[0], before[2], before[3]]);
});

test('hidden note text leaves numbers in place of names', async () => {
  const stage = await openReport();
  await stage.page.locator('[data-cell="1 2"]').click();
  await stage.page.locator('[data-list=errors] .title', { hasText: 'note-0' }).first().waitFor();
  await stage.post(reportScene('one', true));
  const titles = stage.page.locator('[data-list=errors] .title');
  expect((await titles.allInnerTexts()).every((title) => /^Note \d+$/.test(title))).toBe(true);
  expect(await stage.page.locator('main').innerText()).toContain('Note text is hidden.');
});

test('of several labels, each class lists the notes that lack it and that have it wrongly', async () => {
  const stage = await open('light', { width: 1100, height: 2600 });
  await stage.post(reportScene('several'));
  expect(await stage.page.locator('.confusion').count()).toBe(0);
  const button = stage.page.locator('[data-cell^="wrong"]').first();
  const count = Number(await button.innerText());
  await button.click();
  expect(await stage.page.locator('[data-list=errors] [role=option]').count()).toBe(count);
  await stage.screenshot('evaluation-several');
  expect(stage.complaints).toEqual([]);
});

test('the learning curve is read by keyboard, and leaves out what is not ticked', async () => {
  const stage = await openReport();
  const { page } = stage;
  await page.locator('.curve .chart').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  const readout = page.locator('.curve .readout');
  await readout.getByText('Labels per class 16').waitFor();
  expect(await readout.innerText()).toMatch(/TF-IDF\s+\d+\.\d \(\d+\.\d to \d+\.\d\)/);
  await page.keyboard.press('Escape');
  await readout.waitFor({ state: 'detached' });
  await page.getByRole('checkbox', { name: 'TF-IDF' }).uncheck();
  await expect.poll(() => page.locator('.curve path.band').count()).toBe(5);
  await page.getByRole('radio', { name: 'fine-tuned' }).check();
  // Random weights are not fine-tuned.
  await expect.poll(() => page.locator('.curve path.band').count()).toBe(4);
});

test('an evaluation that runs says how long it will take, and is cancelled and resumed', async () => {
  const stage = await open('light');
  await stage.post(runningEvaluation);
  await stage.screenshot('evaluation-running');
  const text = await stage.page.locator('main').innerText();
  expect(text).toContain(
    'Embedding notes with pretrain-1: 240 of 600 notes, about 4 min left for this part',
  );
  await stage.page.getByText('Cancel', { exact: true }).click();
  expect((await stage.sent()).at(-1)).toEqual({ type: 'control', command: 'cancel' });
  await stage.post({ ...runningEvaluation, status: 'cancelled', canResume: true });
  expect(await stage.page.locator('main').innerText()).toContain('Resume goes on from there');
  await stage.page.getByText('Resume', { exact: true }).click();
  expect((await stage.sent()).at(-1)).toEqual({ type: 'control', command: 'resume' });
  await stage.post({ ...runningEvaluation, status: 'failed', error: 'The disk is full.' });
  expect(await stage.page.locator('[role=alert]').innerText()).toContain('The disk is full.');
  expect(stage.complaints).toEqual([]);
});
