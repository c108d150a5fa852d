import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { darkPalette, lightPalette } from '../../src/core/report/drawing/palette.js';
import { launchChromium } from '../host/chromium.mjs';
import { decodePng, parseColour } from './pixels.js';
import { metrics, plan, runningRun, severalLosses } from './scenes.js';
import { openPanel, type Panel } from './stage.js';

let browser: Browser;
let panel: Panel;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(() => panel.close());

async function open(theme: 'dark' | 'light' | 'highContrast' = 'dark'): Promise<Panel> {
  panel = await openPanel(browser, 'training', { theme, width: 1000, height: 860 });
  return panel;
}

const figure = (stage: Panel, name: string) =>
  stage.page.locator('.figures > div', { hasText: name });

for (const { theme, palette } of [
  { theme: 'dark', palette: darkPalette },
  { theme: 'light', palette: lightPalette },
  { theme: 'highContrast', palette: darkPalette },
] as const) {
  test(`the loss curve is drawn in the ${theme} theme`, async () => {
    const stage = await open(theme);
    await stage.post(runningRun);
    await stage.post({ type: 'metrics', reset: true, lines: metrics(260, 50) });
    const chart = await stage.page.locator('.loss .chart').boundingBox();
    if (chart === null) throw new Error('no chart');
    const picture = decodePng(await stage.screenshot(`training-${theme}`));
    // A line across the whole chart, and the held-out points on it.
    const left = { ...chart, width: chart.width / 2 };
    const right = { ...left, x: chart.x + chart.width / 2 };
    for (const half of [left, right]) {
      expect(picture.count(parseColour(palette[0] ?? ''), 24, half)).toBeGreaterThan(250);
      expect(picture.count(parseColour(palette[1] ?? ''), 24, half)).toBeGreaterThan(60);
    }
    expect(await stage.page.locator('.loss circle.dot').count()).toBe(6);
    expect(stage.complaints).toEqual([]);
  });
}

test('the curve falls from left to right as the loss does', async () => {
  const stage = await open();
  await stage.post(runningRun);
  await stage.post({ type: 'metrics', reset: true, lines: metrics(260, 50) });
  const path = (await stage.page.locator('.loss path.line').getAttribute('d')) ?? '';
  const heights = [...path.matchAll(/[ML][\d.-]+ ([\d.-]+)/g)].map((match) => Number(match[1]));
  expect(heights.length).toBeGreaterThan(200);
  // Larger is further down.
  expect(heights.at(-1)).toBeGreaterThan((heights[0] ?? 0) + 150);
});

test('lines are appended, and replaced on reset', async () => {
  const stage = await open();
  const lines = metrics(40, 10);
  await stage.post(runningRun);
  await stage.post({ type: 'metrics', reset: true, lines: lines.slice(0, 20) });
  await stage.post({ type: 'metrics', reset: false, lines: lines.slice(20) });
  const label = () => stage.page.locator('.loss svg[role=img]').getAttribute('aria-label');
  expect(await label()).toContain('40 steps');
  await stage.post({ type: 'metrics', reset: true, lines: lines.slice(0, 11) });
  expect(await label()).toContain('10 steps');
});

test('figures tell the state of the run', async () => {
  const stage = await open();
  await stage.post(runningRun);
  await stage.post({ type: 'metrics', reset: true, lines: metrics(260, 50) });
  expect(await figure(stage, 'Held-out loss').innerText()).toMatch(/6\.10 → 2\.\d\d/);
  expect(await figure(stage, 'Held-out loss').innerText()).toMatch(/−5\d\.\d %/);
  expect(await figure(stage, 'Time left').innerText()).toContain('about 1 min');
  expect(await figure(stage, 'Speed').innerText()).toContain('tokens a second');
  expect(await stage.page.locator('.progress').innerText()).toContain('260 of 400 steps');
  expect(await stage.page.getByRole('status').innerText()).toBe('Running');
});

test('20 000 steps are drawn within the time of a frame or a few', async () => {
  const stage = await open();
  await stage.post(runningRun);
  await stage.post({ type: 'metrics', reset: true, lines: metrics(20_000, 500) });
  const path = (await stage.page.locator('.loss path.faint').getAttribute('d')) ?? '';
  expect(path.split('L').length).toBeLessThan(2200);
  const line = metrics(20_001, 500).slice(-1);
  const took = await stage.page.evaluate(async (lines) => {
    const from = performance.now();
    window.postMessage({ type: 'metrics', reset: false, lines }, '*');
    await new Promise((resolve) => setTimeout(resolve));
    await new Promise((resolve) => requestAnimationFrame(resolve));
    await new Promise((resolve) => requestAnimationFrame(resolve));
    return performance.now() - from;
  }, line);
  await stage.screenshot('training-long');
  expect(took).toBeLessThan(500);
});

test('buttons pause, resume, cancel and finish, each once', async () => {
  const stage = await open();
  const button = (name: string) => stage.page.locator('vscode-button', { hasText: name });
  await stage.post(runningRun);
  await button('Pause').click();
  expect((await stage.sent()).at(-1)).toEqual({ type: 'control', command: 'pause' });
  await stage.page.waitForSelector('vscode-button[disabled]:has-text("Pausing…")');
  await stage.post({ ...runningRun, status: 'paused' });
  await stage.screenshot('training-paused');
  await button('Resume').click();
  expect((await stage.sent()).at(-1)).toEqual({ type: 'control', command: 'resume' });
  await stage.post(runningRun);
  await button('Cancel').focus();
  await stage.page.keyboard.press('Enter');
  expect((await stage.sent()).at(-1)).toEqual({ type: 'control', command: 'cancel' });
  await stage.post({ ...runningRun, status: 'cancelling' });
  await button('Stop now').click();
  expect((await stage.sent()).at(-1)).toEqual({ type: 'control', command: 'cancel' });
  await stage.post({ ...runningRun, status: 'cancelled' });
  await button('Resume').click();
  expect((await stage.sent()).at(-1)).toEqual({ type: 'control', command: 'resume' });
  // There is nothing to keep before a first step.
  expect(await button('Keep the model').count()).toBe(0);
  await stage.post({ type: 'metrics', reset: true, lines: metrics(40, 10) });
  await button('Keep the model').click();
  expect((await stage.sent()).at(-1)).toEqual({ type: 'control', command: 'finish' });
  await stage.post(runningRun);
  await button('Finish now').click();
  expect((await stage.sent()).at(-1)).toEqual({ type: 'control', command: 'finish' });
  await stage.screenshot('training-finish');
  await stage.post({ ...runningRun, status: 'finishing' });
  expect(await stage.page.getByRole('status').innerText()).toBe('Finishing');
  expect(await stage.page.locator('vscode-button').allInnerTexts()).toEqual(['Cancel']);
});

test('a run that is done offers what to do with its model', async () => {
  const stage = await open();
  await stage.post({ ...runningRun, status: 'done' });
  await stage.post({ type: 'metrics', reset: true, lines: metrics(40, 10) });
  const labels = await stage.page.locator('vscode-button').allInnerTexts();
  expect(labels.map((label) => label.trim())).toEqual(['Index with it', 'Evaluate…', 'Compare…']);
  await stage.screenshot('training-done');
  for (const [label, step] of [
    ['Index with it', 'index'],
    ['Evaluate', 'evaluate'],
    ['Compare', 'compare'],
  ]) {
    await stage.page.locator('vscode-button', { hasText: label ?? '' }).click();
    expect((await stage.sent()).at(-1)).toEqual({ type: 'next', step });
  }
});

for (const theme of ['dark', 'light', 'highContrast'] as const) {
  test(`three losses, their sum and the plan are shown in the ${theme} theme`, async () => {
    const stage = await open(theme);
    await stage.page.setViewportSize({ width: 1000, height: 1250 });
    await stage.post({ ...runningRun, objective: 'note-category', plan });
    const lines = severalLosses({ mlm: 1, ntXent: 0.5, category: 0.4 }, 260, 50);
    await stage.post({ type: 'metrics', reset: true, lines });
    await stage.screenshot(`training-losses-${theme}`);
    const legend = stage.page.locator('.loss .legend');
    const entries = (await legend.locator('.entry').allInnerTexts()).map((text) => text.trim());
    expect(entries).toEqual([
      'weighted total',
      'each step',
      'masked tokens',
      'contrast',
      'category',
      'held-out notes',
    ]);
    expect(await stage.page.locator('.loss path.line').count()).toBe(4);
    expect(await stage.page.locator('.small section').count()).toBe(3);
    const text = await stage.page.locator('.plan').innerText();
    for (const part of ['8 threads', 'about 12 min', '1.50 GB of 6.20 GB free', 'Nutrition']) {
      expect(text).toContain(part);
    }
    expect(await stage.page.locator('.remarks.warning li').count()).toBe(2);
    expect(stage.complaints).toEqual([]);
  });
}

test('the parts of the held-out loss are told under the pointer', async () => {
  const stage = await open();
  await stage.post({ ...runningRun, objective: 'declutr' });
  const lines = severalLosses({ mlm: 1, ntXent: 1 }, 260, 50);
  await stage.post({ type: 'metrics', reset: true, lines });
  const chart = await stage.page.locator('.loss .chart').boundingBox();
  await stage.page.mouse.move((chart?.x ?? 0) + 500, (chart?.y ?? 0) + 100);
  await stage.page.waitForSelector('.readout');
  const rows = await stage.page.locator('.readout').innerText();
  expect(rows).toMatch(/Held-out notes[\s\S]*Held-out, masked tokens[\s\S]*Held-out, contrast/);
  await stage.screenshot('training-losses-readout');
});

test('each stage begins at a named line, once it has begun', async () => {
  const stage = await open();
  const stages = [
    { label: 'New head', steps: 40 },
    { label: 'Masked tokens', steps: 140 },
    { label: 'DeCLUTR', steps: 220 },
  ];
  await stage.post({ ...runningRun, objective: 'mlm-then-declutr', plan: { ...plan, stages } });
  const marks = stage.page.locator('.loss .mark');
  const names = async (steps: number): Promise<string[]> => {
    const lines = severalLosses({ mlm: 1, ntXent: 1 }, steps, 50);
    await stage.post({ type: 'metrics', reset: true, lines });
    return (await marks.locator('text').allTextContents()).map((text) => text.trim());
  };
  expect(await names(100)).toEqual(['New head', 'Masked tokens']);
  expect(await names(260)).toEqual(['New head', 'Masked tokens', 'DeCLUTR']);
  await stage.screenshot('training-stages');
  const [, second, third] = await marks.locator('line').all();
  const left = async (line = second) => (await line?.boundingBox())?.x ?? 0;
  const width = (await left(third)) - (await left(second));
  expect(
    width / ((await stage.page.locator('.loss svg.plot').boundingBox())?.width ?? 0),
  ).toBeCloseTo(140 / 260, 1);
  expect(stage.complaints).toEqual([]);
});

test('a narrow panel shows everything below each other', async () => {
  const stage = await open();
  await stage.page.setViewportSize({ width: 420, height: 1700 });
  await stage.post({ ...runningRun, objective: 'note-category', plan });
  const lines = severalLosses({ mlm: 1, category: 0.1 }, 260, 50);
  await stage.post({ type: 'metrics', reset: true, lines });
  await stage.screenshot('training-losses-narrow');
  const overflow = await stage.page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);
});

test('the plan is there before the first step', async () => {
  const stage = await open('light');
  await stage.post({ ...runningRun, progress: null, heldOutLoss: null, plan });
  expect(await stage.page.locator('.plan').innerText()).toContain('Expected time');
  await stage.screenshot('training-plan');
});

test('a failed run says why', async () => {
  const stage = await open('light');
  const error = 'The disk is full: free some space and try again.';
  await stage.post({ ...runningRun, status: 'failed', progress: null, error });
  await stage.post({ type: 'metrics', reset: true, lines: metrics(30, 10) });
  expect(await stage.page.getByRole('alert').innerText()).toBe(error);
  await stage.screenshot('training-failed');
});

test('the values under the pointer are shown', async () => {
  const stage = await open();
  await stage.post(runningRun);
  await stage.post({ type: 'metrics', reset: true, lines: metrics(260, 50) });
  const chart = await stage.page.locator('.loss .chart').boundingBox();
  await stage.page.mouse.move((chart?.x ?? 0) + 500, (chart?.y ?? 0) + 100);
  await stage.page.waitForSelector('.readout');
  expect(await stage.page.locator('.readout').innerText()).toMatch(/Step \d+[\s\S]*Held-out notes/);
  await stage.page.mouse.move(10, 10);
  await stage.page.waitForSelector('.readout', { state: 'detached' });
});

test('a loss that is not a number leaves a gap, not a broken chart', async () => {
  const stage = await open();
  const lines = metrics(50, 10).map((line) => (line.step === 25 ? { ...line, loss: 1e308 } : line));
  await stage.post(runningRun);
  await stage.post({ type: 'metrics', reset: true, lines });
  expect(await stage.page.locator('.loss path.line').getAttribute('d')).not.toContain('NaN');
  expect(stage.complaints).toEqual([]);
});

test('before the first step the panel says what it waits for', async () => {
  const stage = await open();
  await stage.post({ ...runningRun, status: 'starting', progress: null, heldOutLoss: null });
  await stage.screenshot('training-starting');
  expect(await stage.page.locator('.notice').innerText()).toContain('after the first steps');
  expect(stage.complaints).toEqual([]);
});
