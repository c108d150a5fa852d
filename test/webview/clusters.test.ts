import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { darkPalette, lightPalette } from '../../src/core/report/drawing/palette.js';
import { launchChromium } from '../host/chromium.mjs';
import { type Colour, decodePng, parseColour } from './pixels.js';
import { cloud, corners } from './mapScenes.js';
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

const looks = [
  { theme: 'dark', palette: darkPalette },
  { theme: 'light', palette: lightPalette },
  { theme: 'highContrast', palette: darkPalette },
] as const;

for (const { theme, palette } of looks) {
  const background = backgroundOf(theme);
  test(`the map is drawn in the categories' colours in the ${theme} theme`, async () => {
    const stage = await open(theme);
    await stage.post(cloud(600, 6));
    await stage.post({ type: 'highlight', point: 40, neighbours: [] });
    await drawn(stage);
    const picture = decodePng(await stage.screenshot(`clusters-${theme}`));
    const map = await stage.page.locator('.map').boundingBox();
    if (map === null) throw new Error('no map');
    for (const colour of palette.slice(0, 6)) {
      // About a hundred points a category, each of tens of pixels.
      expect(picture.count(blended(colour, background), 16, map), colour).toBeGreaterThan(600);
    }
    for (const colour of palette.slice(6)) {
      expect(picture.count(blended(colour, background), 6, map), colour).toBeLessThan(60);
    }
    expect(stage.complaints).toEqual([]);
    expect(await stage.page.locator('.map').getAttribute('data-renderer')).toBe('plotly');
  });
}

test('many points are drawn by our own renderer, with the warnings beside them', async () => {
  const stage = await open();
  const warning = 'The map is older than the index: index the notes again to draw it anew.';
  await stage.post({ ...cloud(20_000, 8), warnings: [warning] });
  await drawn(stage);
  expect(await stage.page.locator('.map').getAttribute('data-renderer')).toBe('canvas');
  expect(await stage.page.locator('.remarks').innerText()).toContain(warning);
  const picture = decodePng(await stage.screenshot('clusters-many'));
  for (const colour of darkPalette) {
    expect(picture.count(parseColour(colour), 24), colour).toBeGreaterThan(1500);
  }
  // Back to few points: plotly again.
  await stage.post(cloud(300, 3));
  await drawn(stage);
  expect(await stage.page.locator('.map').getAttribute('data-renderer')).toBe('plotly');
  expect(stage.complaints).toEqual([]);
});

test('a point is named under the pointer and opens on a click', async () => {
  const stage = await open();
  await stage.post(corners());
  await stage.post({ type: 'highlight', point: 5, neighbours: [1, 6] });
  await drawn(stage);
  expect(await stage.page.locator('.open-label').innerText()).toBe('note-0006.txt');
  const ring = await stage.page.locator('.ring.open').boundingBox();
  if (ring === null) throw new Error('no ring');
  await stage.page.mouse.move(300, 300);
  await stage.page.mouse.move(ring.x + ring.width / 2, ring.y + ring.height / 2, { steps: 5 });
  await stage.page.waitForSelector('.tooltip');
  expect(await stage.page.locator('.tooltip').innerText()).toContain('note-0006.txt');
  expect(await stage.page.locator('.tooltip').innerText()).toContain('Emergency triage');
  await stage.screenshot('clusters-hover');
  await stage.page.mouse.click(ring.x + ring.width / 2, ring.y + ring.height / 2);
  await stage.page.waitForFunction(() => window.sent.length > 1);
  expect((await stage.sent()).at(-1)).toEqual({ type: 'open', point: 5 });
});

for (const [renderer, scene] of [
  ['plotly', corners()],
  ['canvas', cloud(6000, 3)],
] as const) {
  test(`an area that is drawn on the map of ${renderer} lists its notes`, async () => {
    const stage = await open();
    const { page } = stage;
    await stage.post(scene);
    await drawn(stage);
    expect(await page.locator('.map').getAttribute('data-renderer')).toBe(renderer);
    const box = await page.locator('.map').boundingBox();
    if (box === null) throw new Error('no map');
    const left = [...scene.x.keys()].filter((at) => (scene.x[at] ?? 0) < middleOf(scene.x));
    const listed = page.locator('.notes .section-head');

    // A box over the left half.
    await page.getByRole('button', { name: 'Select notes in a box' }).click();
    await page.locator('.select-layer').waitFor();
    await page.mouse.move(box.x + 2, box.y + 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height - 2, { steps: 4 });
    await stage.screenshot(`clusters-box-${renderer}`);
    await page.mouse.up();
    await listed.getByText('Selected').waitFor();
    const found = Number((await listed.locator('.figure').innerText()).replaceAll(/\D/g, ''));
    // A pixel more or less at the middle.
    expect(Math.abs(found - left.length)).toBeLessThanOrEqual(scene.x.length / 200);
    expect(await page.locator('.overlay .outline').count()).toBe(1);
    expect(await page.getByRole('status').innerText()).toMatch(/notes selected$/);
    const first = page.locator('.notes [role=option]').first();
    expect(await first.innerText()).toContain(scene.names[left[0] ?? -1]);
    await first.click();
    await page.waitForFunction(() => window.sent.some(({ type }) => type === 'open'));
    expect((await stage.sent()).at(-1)).toEqual({ type: 'open', point: left[0] });

    // The outline stays where its notes are.
    const before = await page.locator('.overlay .outline').boundingBox();
    await page.getByRole('button', { name: 'Zoom out' }).click();
    await page.waitForTimeout(500);
    const after = await page.locator('.overlay .outline').boundingBox();
    expect((after?.width ?? 0) / (before?.width ?? 1)).toBeCloseTo(1 / 1.5, 1);

    await page.locator('.frame').focus();
    await page.keyboard.press('Escape');
    await listed.getByText('Notes', { exact: true }).waitFor();
    expect(await page.locator('.overlay .outline').count()).toBe(0);

    // A triangle with nothing in it, then a click alone.
    await page.getByRole('button', { name: 'drawing around' }).click();
    await page.locator('.select-layer').waitFor();
    await page.mouse.move(box.x + 4, box.y + 4);
    await page.mouse.down();
    await page.mouse.move(box.x + 14, box.y + 4);
    await page.mouse.move(box.x + 4, box.y + 14);
    await page.mouse.up();
    await listed.getByText('Selected').waitFor();
    expect(await listed.locator('.figure').innerText()).toBe('0');
    await page.getByRole('button', { name: 'Clear selection' }).click();
    await listed.getByText('Notes', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'drawing around' }).click();
    await page.locator('.select-layer').waitFor();
    await page.mouse.click(box.x + 4, box.y + 4);
    await page.locator('[aria-label*="drawing around"][aria-pressed=false]').waitFor();
    expect(await page.locator('.overlay .outline').count()).toBe(0);
    expect(stage.complaints).toEqual([]);
  });
}

function middleOf(values: Float32Array): number {
  return (values.reduce((a, b) => Math.min(a, b)) + values.reduce((a, b) => Math.max(a, b))) / 2;
}

test('the legend hides a category and shows only one', async () => {
  const stage = await open();
  await stage.post(cloud(600, 6));
  await drawn(stage);
  const entry = stage.page.getByRole('button', { name: 'Radiology' });
  await entry.click();
  await stage.page.waitForTimeout(700);
  expect(await entry.getAttribute('aria-pressed')).toBe('false');
  const orange = blended(darkPalette[1] ?? '', backgroundOf('dark'));
  const map = (await stage.page.locator('.map').boundingBox()) ?? undefined;
  const shot = async () => decodePng(await stage.page.screenshot());
  expect((await shot()).count(orange, 10, map)).toBe(0);
  await entry.dblclick();
  await stage.page.waitForTimeout(700);
  const only = await shot();
  expect(only.count(orange, 16, map)).toBeGreaterThan(600);
  expect(only.count(blended(darkPalette[0] ?? '', backgroundOf('dark')), 10, map)).toBe(0);
  await stage.page.locator('.legend').getByRole('button', { name: 'Show all' }).click();
  await expect.poll(() => stage.page.locator('.legend [aria-pressed=false]').count()).toBe(0);
});

test('the list beside the map reaches every note with the keyboard', async () => {
  const stage = await open();
  const { page } = stage;
  await stage.post(cloud(600, 6));
  await drawn(stage);
  await page.locator('.notes vscode-textfield').locator('input').fill('note-0123');
  await page.keyboard.press('Tab');
  expect(await page.locator('[role=option]:focus').innerText()).toBe('note-0123.txt');
  // Its point is marked on the map.
  expect(await page.locator('.tooltip').innerText()).toContain('note-0123.txt');
  await page.keyboard.press('Enter');
  expect((await stage.sent()).at(-1)).toEqual({ type: 'open', point: 122 });

  await page.locator('.notes vscode-textfield').locator('input').fill('');
  await stage.post({ type: 'highlight', point: 40, neighbours: [] });
  expect(await page.locator('.notes h2').innerText()).toMatch(/near the open note/i);
  expect(await page.locator('[role=option]').first().getAttribute('aria-label')).toContain(
    ', open',
  );
  await page.locator('[role=option]').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const opened = (await stage.sent()).at(-1);
  expect(opened?.['type']).toBe('open');
  expect(opened?.['point']).not.toBe(40);
});

test('the map itself moves and zooms with the keyboard', async () => {
  const stage = await open();
  await stage.post(corners());
  await stage.post({ type: 'highlight', point: 1, neighbours: [] });
  await drawn(stage);
  const at = async () => stage.page.locator('.ring.open').boundingBox();
  const before = await at();
  await stage.page.locator('.frame').focus();
  await stage.page.keyboard.press('ArrowRight');
  await stage.page.waitForTimeout(300);
  expect((await at())?.x).toBeCloseTo((before?.x ?? 0) - 40, 0);
  await stage.page.keyboard.press('0');
  await stage.page.waitForTimeout(300);
  expect((await at())?.x).toBeCloseTo(before?.x ?? 0, 0);
});

test('no name is drawn when note text is hidden', async () => {
  const stage = await open();
  await stage.post(cloud(600, 6, true));
  await stage.post({ type: 'highlight', point: 40, neighbours: [] });
  await drawn(stage);
  await stage.page.locator('[role=option]').nth(3).focus();
  expect(await stage.page.content()).not.toMatch(/note-\d{4}\.txt/);
  expect(await stage.page.locator('vscode-textfield').count()).toBe(0);
  expect(await stage.page.locator('.tooltip').innerText()).toMatch(/^Note \d+/);
  await stage.screenshot('clusters-hidden');
});

test('a name full of HTML is text', async () => {
  const stage = await open();
  const evil = '<img src=x onerror="window.owned=1">';
  const set = corners();
  await stage.post({
    ...set,
    corpus: evil,
    names: set.names.map(() => evil),
    columns: set.columns.map((column) => ({
      ...column,
      label: evil,
      values: set.names.map(() => evil),
    })),
    warnings: [evil],
  });
  await stage.post({ type: 'highlight', point: 2, neighbours: [] });
  await drawn(stage);
  expect(await stage.page.locator('.open-label').innerText()).toBe(evil);
  expect(await stage.page.locator('img').count()).toBe(0);
  expect(await stage.page.evaluate(() => 'owned' in window)).toBe(false);
  expect(stage.complaints).toEqual([]);
});

test('columns of different lengths are refused', async () => {
  const stage = await open();
  await stage.post({ ...corners(), names: ['one'] });
  expect(stage.complaints.join()).toContain('columns');
  expect(await stage.page.locator('.map').count()).toBe(0);
});

test('a narrow panel puts the list below the map', async () => {
  const stage = await open('light', 480);
  await stage.post(cloud(600, 6));
  await drawn(stage);
  await stage.screenshot('clusters-narrow');
  const [map, list] = [
    await stage.page.locator('.map').boundingBox(),
    await stage.page.locator('aside').boundingBox(),
  ];
  expect(list?.y).toBeGreaterThanOrEqual((map?.y ?? 0) + (map?.height ?? 0) - 1);
});

test('a corpus without a map says what to do', async () => {
  const stage = await open();
  const action = { label: 'Index Notes', command: 'notespace.indexNotes' };
  await stage.post({ type: 'empty', reason: 'These notes are not indexed yet.', action });
  await stage.screenshot('clusters-empty');
  await stage.page.locator('vscode-button').press('Enter');
  expect((await stage.sent()).at(-1)).toEqual({ type: 'action', command: 'notespace.indexNotes' });
});

test('plotly is loaded where it draws, and nowhere else', async () => {
  const stage = await open();
  const large = (): number => [...stage.scripts.values()].filter((size) => size > 1e6).length;
  await stage.post({ type: 'empty', reason: 'There is no map yet.', action: null });
  expect(large()).toBe(0);
  await stage.post(cloud(6000, 6));
  await drawn(stage);
  expect(await stage.page.locator('.map').getAttribute('data-renderer')).toBe('canvas');
  expect(large()).toBe(0);
  await stage.post(cloud(60, 6));
  await drawn(stage);
  expect(await stage.page.locator('.map').getAttribute('data-renderer')).toBe('plotly');
  expect(large()).toBe(1);
  expect(stage.complaints).toEqual([]);
});
