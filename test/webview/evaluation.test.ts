import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../host/chromium.mjs';
import { evaluation } from './scenes.js';
import { openPanel, type Panel } from './stage.js';

let browser: Browser;
let panel: Panel;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(() => panel.close());

async function open(theme: 'dark' | 'light' | 'highContrast' = 'dark'): Promise<Panel> {
  panel = await openPanel(browser, 'evaluation', { theme, width: 1000, height: 480 });
  return panel;
}

for (const theme of ['dark', 'light', 'highContrast'] as const) {
  test(`models are compared with the first one in the ${theme} theme`, async () => {
    const stage = await open(theme);
    await stage.post(evaluation);
    await stage.screenshot(`evaluation-${theme}`);
    const rows = stage.page.locator('tbody tr');
    expect(await rows.nth(0).innerText()).toContain('notespace-starter');
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
