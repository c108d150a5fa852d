import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { darkPalette, lightPalette } from '../../src/core/report/drawing/palette.js';
import { launchChromium } from '../host/chromium.mjs';
import { decodePng, parseColour } from './pixels.js';
import { comparedRuns, severalLosses } from './scenes.js';
import { openPanel, type Panel } from './stage.js';

let browser: Browser;
let panel: Panel;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(() => panel.close());

const weights = [{ mlm: 1 }, { mlm: 1, ntXent: 1 }, { mlm: 1, category: 0.1 }];

async function open(
  theme: 'dark' | 'light' | 'highContrast' = 'dark',
  width = 1000,
): Promise<Panel> {
  panel = await openPanel(browser, 'comparison', { theme, width, height: 700 });
  await panel.post(comparedRuns);
  for (const [at, { id }] of comparedRuns.runs.entries()) {
    const lines = severalLosses(weights[at] ?? {}, 400 - at * 100, 50, at);
    await panel.post({ type: 'metrics', run: id, reset: true, lines });
  }
  return panel;
}

for (const { theme, palette } of [
  { theme: 'dark', palette: darkPalette },
  { theme: 'light', palette: lightPalette },
  { theme: 'highContrast', palette: darkPalette },
] as const) {
  test(`three runs are drawn in three colours in the ${theme} theme`, async () => {
    const stage = await open(theme);
    const chart = await stage.page.locator('.chart').boundingBox();
    if (chart === null) throw new Error('no chart');
    const picture = decodePng(await stage.screenshot(`comparison-${theme}`));
    for (const colour of palette.slice(0, 3)) {
      expect(picture.count(parseColour(colour), 24, chart)).toBeGreaterThan(150);
    }
    expect(await stage.page.locator('tbody tr').count()).toBe(3);
    expect(await stage.page.locator('tbody tr').nth(0).innerText()).toMatch(
      /5\.\d\d → 2\.\d\d[\s\S]*Masked tokens[\s\S]*bundled[\s\S]*Done[\s\S]*400/,
    );
    expect(stage.complaints).toEqual([]);
  });
}

test('runs of different objectives are compared by the loss that they share', async () => {
  const stage = await open();
  const measure = (name: string) => stage.page.getByRole('radio', { name });
  expect(await measure('masked tokens').isChecked()).toBe(true);
  expect(await stage.page.locator('.remarks').count()).toBe(0);
  // By keyboard, as every control here.
  await measure('masked tokens').focus();
  await stage.page.keyboard.press('ArrowUp');
  await stage.page.waitForSelector('.remarks.warning');
  expect(await measure('weighted total').isChecked()).toBe(true);
  expect(await stage.page.locator('.remarks').innerText()).toContain('different objectives');
  await measure('contrast').check();
  await stage.page.waitForFunction(() => document.querySelectorAll('path.line').length === 1);
});

test('runs and curves are switched off and on', async () => {
  const stage = await open();
  expect(await stage.page.locator('.chart path.line').count()).toBe(3);
  const [first] = comparedRuns.runs;
  await stage.page.getByRole('checkbox', { name: `Draw ${first?.name ?? ''}` }).focus();
  await stage.page.keyboard.press('Space');
  await stage.page.waitForFunction(() => document.querySelectorAll('path.line').length === 2);
  await stage.page.getByRole('checkbox', { name: 'training' }).uncheck();
  await stage.page.waitForFunction(() => document.querySelectorAll('path.line').length === 0);
  expect(await stage.page.locator('.chart path.dots').count()).toBe(2);
});

test('a run opens in the panel Training', async () => {
  const stage = await open();
  await stage.page.locator('tbody button').nth(1).click();
  expect((await stage.sent()).at(-1)).toEqual({ type: 'show', run: comparedRuns.runs[1]?.id });
});

test('a narrow panel scrolls the table alone', async () => {
  const stage = await open('light', 460);
  await stage.screenshot('comparison-narrow');
  const overflow = await stage.page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);
});
