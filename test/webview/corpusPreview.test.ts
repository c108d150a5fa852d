import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../host/chromium.mjs';
import { corpusPreview } from './scenes.js';
import { openPanel, type Panel } from './stage.js';

let browser: Browser;
let panel: Panel;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(() => panel.close());

async function open(theme: 'dark' | 'light' | 'highContrast' = 'dark'): Promise<Panel> {
  panel = await openPanel(browser, 'corpusPreview', { theme, width: 1000, height: 900 });
  await panel.post(corpusPreview);
  return panel;
}

/** What the panel last asked its host for. */
async function lastGiven(): Promise<Record<string, Record<string, unknown>>> {
  const last = (await panel.sent()).at(-1);
  expect(last?.['type']).toBe('change');
  return last?.['given'] as Record<string, Record<string, unknown>>;
}

for (const theme of ['dark', 'light', 'highContrast'] as const) {
  test(`the first notes stand below the guesses that made them in the ${theme} theme`, async () => {
    const { page, complaints, screenshot } = await open(theme);
    await screenshot(`corpusPreview-${theme}`);
    expect(await page.locator('h1').innerText()).toBe('ward-notes.csv');
    const first = await page.locator('.notes tbody tr').first().innerText();
    for (const part of ['N-1001', 'Nursing', '2024-03-01', 'Wound clean and dry']) {
      expect(first).toContain(part);
    }
    const guess = (name: string) => page.getByLabel(name, { exact: true });
    expect(await guess('Delimiter').locator('option:checked').innerText()).toBe('semicolon');
    expect(await guess('Dates').locator('option:checked').innerText()).toBe('month first');
    expect(await guess('What harm is').inputValue()).toBe('label');
    expect(await guess('Keep ward').isChecked()).toBe(true);
    expect(await guess('Keep NHS number').isChecked()).toBe(false);
    expect(await page.locator('.remarks').innerText()).toContain('No note says whose it is');
    expect(complaints).toEqual([]);
  });
}

test('every guess can be changed, by the keyboard too', async () => {
  const { page } = await open();
  await page.getByLabel('Keep age').focus();
  await page.keyboard.press('Space');
  expect(await lastGiven()).toEqual({ mapping: {}, reading: { keep: ['ward'] } });

  await page.getByLabel('What plan is').selectOption('text');
  expect((await lastGiven())['reading']).toMatchObject({ moreText: ['plan'] });
  await page.getByLabel('What NHS number is').selectOption('group');
  expect((await lastGiven())['mapping']).toMatchObject({ group: 'NHS number', text: 'note_text' });
  await page.getByLabel('What harm is').selectOption('');
  expect((await lastGiven())['mapping']).toMatchObject({ label: null });

  await page.getByText('Join the rows of a note').click();
  expect((await lastGiven())['reading']).toMatchObject({ joinLines: 'line' });
  await page.getByText('Count “None” as missing').click();
  const missing = (await lastGiven())['reading']?.['missingValues'];
  expect(missing).toEqual(expect.arrayContaining(['NULL', 'None']));
  await page.getByLabel('Dates').selectOption('day-first');
  expect((await lastGiven())['reading']).toMatchObject({ dateOrder: 'day-first' });
});

test('another delimiter or encoding lets all that depends on the columns be guessed again', async () => {
  const { page } = await open();
  await page.getByLabel('Delimiter').selectOption('\t');
  expect(await lastGiven()).toEqual({ mapping: {}, reading: { delimiter: '\t' } });
  await page.getByLabel('Lines above the table').fill('3');
  await page.keyboard.press('Tab');
  expect(await lastGiven()).toEqual({ mapping: {}, reading: { delimiter: '\t', skipRows: 3 } });
  await page.getByLabel('Encoding').fill('cp850');
  await page.keyboard.press('Enter');
  expect((await lastGiven())['reading']).toMatchObject({ encoding: 'cp850', skipRows: 3 });
});

test('the settings are those of the kind of file, and the kind is one of them', async () => {
  const { page, post } = await open();
  const { preview } = corpusPreview;
  const workbook = { kind: 'xlsx', dialect: null, encoding: null } as const;
  await post({ ...corpusPreview, preview: { ...preview, ...workbook } });
  const shown = (name: string) => page.getByLabel(name, { exact: true }).count();
  expect(await Promise.all(['First row', 'Lines above the table'].map(shown))).toEqual([1, 1]);
  expect(await Promise.all(['Delimiter', 'Quotes', 'Encoding'].map(shown))).toEqual([0, 0, 0]);
  expect(await page.getByLabel('Format').locator('option:checked').innerText()).toBe(
    'Excel workbooks',
  );
  await page.getByLabel('Format').selectOption('csv');
  expect(await lastGiven()).toEqual({ mapping: {}, reading: { format: 'csv' } });
});

test('a corpus is added under the name that is given, once it was read', async () => {
  const { page, post, sent } = await open();
  await page.getByLabel('Name', { exact: true }).fill('ward 7');
  await page.getByLabel('Keep age').click();
  expect(await page.locator('vscode-button.add').getAttribute('disabled')).not.toBeNull();
  await post(corpusPreview);
  await page.locator('vscode-button.add').click();
  expect((await sent()).at(-1)).toEqual({ type: 'add', name: 'ward 7' });
  await page.getByText('Cancel').click();
  expect((await sent()).at(-1)).toEqual({ type: 'cancel' });
});

test('what cannot be read says why, and can be changed back', async () => {
  const { page, post, complaints } = await open();
  const given = { mapping: {}, reading: { delimiter: '^' } };
  await post({ type: 'refused', given, reason: 'No field looks like the text of a note.' });
  expect(await page.locator('[role=alert]').innerText()).toContain('No field looks like');
  expect(await page.locator('vscode-button.add').getAttribute('disabled')).not.toBeNull();
  await page.getByLabel('Delimiter').selectOption('');
  expect(await lastGiven()).toEqual({ mapping: {}, reading: {} });
  expect(complaints).toEqual([]);
});

test('hidden text is not there, and HTML in a note is text', async () => {
  const { page, post } = await open();
  const evil = '<img src=x onerror=window.owned=1>';
  const { preview } = corpusPreview;
  const notes = preview.notes.map((note) => ({ ...note, text: evil, category: evil }));
  await post({ ...corpusPreview, preview: { ...preview, notes } });
  expect(await page.locator('.notes .text').first().innerText()).toBe(evil);
  expect(await page.locator('img').count()).toBe(0);
  await post({ ...corpusPreview, hideText: true });
  expect(await page.locator('.notes .text').first().innerText()).toBe('Text hidden');
});
