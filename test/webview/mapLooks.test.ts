/** Colours, names of groups, searches and filters of the map, and how it is saved. */
import { writeFile } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { darkPalette } from '../../src/core/report/drawing/palette.js';
import { scaleColour } from '../../src/core/report/drawing/scale.js';
import { launchChromium } from '../host/chromium.mjs';
import { cloud, colourful } from './mapScenes.js';
import { type Colour, decodePng, parseColour } from './pixels.js';
import { openPanel, type Panel } from './stage.js';
import { type ThemeName, themes } from './themes.js';

let browser: Browser;
let panel: Panel;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(() => panel.close());

type Theme = ThemeName;

async function open(theme: Theme = 'dark', width = 1100): Promise<Panel> {
  panel = await openPanel(browser, 'clusters', { theme, width, height: 760 });
  return panel;
}

/** The map has been drawn and stands still. */
async function drawn({ page }: Panel): Promise<void> {
  await page.waitForSelector('.map[data-renderer]');
  await page.waitForTimeout(900);
}

const backgroundOf = (theme: Theme): string => themes[theme]['editor-background'] ?? '';

function blended(hex: string, background: string): Colour {
  const below = parseColour(background);
  const [r, g, b] = parseColour(hex).map((c, i) => c * 0.85 + (below[i] ?? 0) * 0.15);
  return [r ?? 0, g ?? 0, b ?? 0];
}

for (const [theme, width, height] of [
  ['dark', 1400, 900],
  ['light', 1100, 700],
  ['highContrast', 1100, 700],
] as const) {
  test(`groups are named and notes found on the map in the ${theme} theme`, async () => {
    panel = await openPanel(browser, 'clusters', { theme, width, height });
    const { page } = panel;
    await panel.post(colourful(900, 6));
    await panel.post({ type: 'highlight', point: 40, neighbours: [46, 52, 58] });
    await drawn(panel);
    const names = page.locator('.group-name');
    expect(await names.count()).toBe(6);
    const boxes = await Promise.all((await names.all()).map((name) => name.boundingBox()));
    for (const [at, one] of boxes.entries()) {
      for (const other of boxes.slice(at + 1)) {
        if (one === null || other === null) throw new Error('no box');
        const isApart =
          one.x + one.width <= other.x ||
          other.x + other.width <= one.x ||
          Math.abs(one.y - other.y) >= one.height;
        expect(isApart).toBe(true);
      }
    }
    expect(await page.locator('.overlay .link').count()).toBe(3);
    await panel.screenshot(`map-groups-${theme}-${width}`);
    await page.getByLabel('Colour by').selectOption({ label: 'age' });
    await page.waitForTimeout(700);
    await panel.screenshot(`map-scale-${theme}-${width}`);
    const [low, high] = [scaleColour(theme !== 'light', 4), scaleColour(theme !== 'light', 11)];
    const picture = decodePng(await page.screenshot());
    const map = (await page.locator('.map').boundingBox()) ?? undefined;
    for (const colour of [low, high]) {
      expect(picture.count(blended(colour, backgroundOf(theme)), 8, map), colour).toBeGreaterThan(
        60,
      );
    }
    await page.getByRole('searchbox', { name: 'Light up' }).fill('productive cough');
    await page.keyboard.press('Enter');
    await panel.post({
      ...{ type: 'found', text: 'productive cough', mode: 'hybrid' },
      ...{ points: [7, 13, 19, 25], sentence: 'The 4 nearest notes of 900 lit.' },
    });
    await page.waitForTimeout(700);
    await panel.screenshot(`map-found-${theme}-${width}`);
    expect(panel.complaints).toEqual([]);
  });
}

test('a search lights up what was found, says how many, and Escape ends it', async () => {
  const stage = await open();
  const { page } = stage;
  await stage.post(cloud(600, 6));
  await drawn(stage);
  const box = page.getByRole('searchbox', { name: 'Light up' });
  await box.fill('chest');
  await expect
    .poll(async () => (await stage.sent()).at(-1))
    .toEqual({ type: 'search', text: 'chest', mode: 'hybrid' });
  await page.getByLabel('Compare by').selectOption('keyword');
  expect((await stage.sent()).at(-1)).toEqual({ type: 'search', text: 'chest', mode: 'keyword' });
  const found = { type: 'found', text: 'chest', points: [5, 3], sentence: '2 notes of 600 lit.' };
  // An answer to what was asked before comes too late.
  await stage.post({ ...found, mode: 'hybrid', sentence: 'late' });
  expect(await page.locator('.said').count()).toBe(0);
  const colour = blended(darkPalette[0] ?? '', backgroundOf('dark'));
  const map = (await page.locator('.map').boundingBox()) ?? undefined;
  const before = decodePng(await page.screenshot()).count(colour, 16, map);
  await stage.post({ ...found, mode: 'keyword' });
  await page.waitForTimeout(700);
  expect(await page.locator('.said').innerText()).toBe('2 notes of 600 lit.');
  expect(await page.getByRole('status').innerText()).toBe('2 notes of 600 lit.');
  expect(decodePng(await page.screenshot()).count(colour, 16, map)).toBeLessThan(before / 10);
  expect(await page.locator('.notes h2').innerText()).toMatch(/most alike/i);
  expect(await page.locator('[role=option]').allInnerTexts()).toEqual([
    'note-0006.txt',
    'note-0004.txt',
  ]);
  await page.getByRole('button', { name: 'Keep as Corpus' }).click();
  expect((await stage.sent()).at(-1)).toEqual({ type: 'take', action: 'keep', points: [5, 3] });
  await page.getByRole('button', { name: 'Export' }).click();
  expect((await stage.sent()).at(-1)).toEqual({ type: 'take', action: 'export', points: [5, 3] });
  await box.focus();
  await page.keyboard.press('Escape');
  await expect.poll(() => page.locator('.said').count()).toBe(0);
  expect(await box.inputValue()).toBe('');
  expect((await stage.sent()).at(-1)).toMatchObject({ type: 'search', text: '' });
  expect(await page.locator('.take').count()).toBe(0);
  expect(stage.complaints).toEqual([]);
});

test('a time slider filters by keyboard, and the filter is taken back', async () => {
  const stage = await open();
  const { page } = stage;
  await stage.post(colourful(900, 6));
  await drawn(stage);
  const from = page.getByRole('slider', { name: 'Date, from' });
  await from.focus();
  await page.keyboard.press('End');
  await expect.poll(() => page.locator('header .muted').first().innerText()).toMatch(/^1 of 900/);
  expect(await from.getAttribute('aria-valuetext')).toBe('2021-06-21');
  await page.locator('.frame').focus();
  await page.keyboard.press('Control+z');
  await expect.poll(() => page.locator('header .muted').first().innerText()).toMatch(/^900 notes/);
  expect(await from.getAttribute('aria-valuetext')).toBe('2019-01-04');
  await page.getByRole('button', { name: 'Radiology' }).click();
  await page.getByLabel('Colour by').selectOption({ label: 'Dense clusters' });
  // A filter stays when the colours change.
  expect(await page.locator('header .muted').first().innerText()).toMatch(/ of 900 notes/);
  await page.getByRole('button', { name: 'Show all notes' }).click();
  await expect.poll(() => page.locator('header .muted').first().innerText()).toMatch(/^900 notes/);
  expect(stage.complaints).toEqual([]);
});

test('words of notes do not name groups while note text is hidden', async () => {
  const stage = await open();
  const { page } = stage;
  await stage.post(colourful(900, 6, true));
  await drawn(stage);
  expect(await page.locator('.group-name').count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Names of groups' }).count()).toBe(0);
  await page.getByLabel('Colour by').selectOption({ label: 'Dense clusters' });
  expect(await page.locator('.legend').innerText()).toContain('Cluster 1');
  await stage.screenshot('map-groups-hidden');
});

test('the map is saved as it is shown, with names only if they were asked for', async () => {
  const stage = await open('light');
  const { page } = stage;
  await stage.post(colourful(60, 6));
  await drawn(stage);
  await page.getByRole('button', { name: 'Radiology' }).click();
  await page.getByRole('button', { name: 'Save the map' }).click();
  expect((await stage.sent()).at(-1)).toEqual({ type: 'save' });
  const saved = async (picture: string, hasNames: boolean): Promise<Buffer> => {
    await stage.post({ type: 'render', picture, hasNames });
    await page.waitForFunction((name) => window.sent.at(-1)?.['picture'] === name, picture);
    const bytes = await page.evaluate(() => [...(window.sent.at(-1)?.['content'] as Uint8Array)]);
    await page.evaluate(() => void window.sent.push({ type: 'seen' }));
    return Buffer.from(bytes);
  };
  const plain = (await saved('svg', false)).toString();
  const radiology = 60 - (plain.match(/fill-opacity="0.85"/g) ?? []).length;
  expect(radiology).toBeGreaterThan(0);
  expect(radiology).toBeLessThan(30);
  expect(plain).toContain('cough, sputum, fever');
  expect(plain).toContain('Nursing (');
  expect(plain).not.toContain('Radiology');
  expect(plain).not.toContain('note-0');
  expect((await saved('svg', true)).toString()).toContain('<title>note-0001.txt</title>');
  const html = (await saved('html', false)).toString();
  expect(html).not.toMatch(/<script|note-0|https?:(?!\/\/www\.w3\.org)/);
  const other = await browser.newPage();
  await other.setContent(html);
  expect(await other.locator('svg path').count()).toBeGreaterThan(50);
  await other.close();
  const png = await saved('png', false);
  await writeFile(new URL('../../out/screenshots/map-saved.png', import.meta.url), png);
  expect(decodePng(png).count(parseColour(backgroundOf('light')), 4)).toBeGreaterThan(10_000);
  expect(stage.complaints).toEqual([]);
});
