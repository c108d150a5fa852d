import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { launchChromium } from '../host/chromium.mjs';
import { similarControls, similarNotes } from './scenes.js';
import { openPanel, type Panel } from './stage.js';

let browser: Browser;
let panel: Panel;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(() => panel.close());

const open = async (theme: 'dark' | 'light' | 'highContrast' = 'dark'): Promise<Panel> => {
  panel = await openPanel(browser, 'similarNotes', { theme, width: 320, height: 560 });
  return panel;
};

describe('similar notes', () => {
  for (const theme of ['dark', 'light', 'highContrast'] as const) {
    test(`are listed in the ${theme} theme`, async () => {
      const { page, post, screenshot, complaints } = await open(theme);
      await post(similarControls());
      await post(similarNotes());
      await page.locator('[role=option]').nth(1).focus();
      const text = await page.locator('#app').innerText();
      for (const part of [
        ...['note-0112.txt', '78 %', 'Discharge summary', 'productive cough'],
        ...['12 almost identical', 'negated', 'family history', 'In common: amoxicillin'],
      ]) {
        expect(text).toContain(part);
      }
      expect(await page.locator('[role=option]').count()).toBe(5);
      await screenshot(`similar-notes-${theme}`);
      const bars = await page.locator('.filled').all();
      const widths = await Promise.all(
        bars.map(async (bar) => (await bar.boundingBox())?.width ?? 0),
      );
      // In the order of the list, whatever the cosines are.
      expect(widths).toEqual([...widths].sort((a, b) => b - a));
      expect((widths[4] ?? 0) / (widths[0] ?? 1)).toBeCloseTo(9.3 / 78.2, 1);
      expect(await page.locator('.near').first().getAttribute('title')).toBe(
        'Nearness: 0 % is an average note of this corpus, 100 % one that says the same.\nNearer than 99.9 % of the notes.\nCosine similarity 0.810.',
      );
      expect(complaints).toEqual([]);
    });
  }

  test('fit a narrow view', async () => {
    panel = await openPanel(browser, 'similarNotes', { theme: 'light', width: 180, height: 760 });
    const { page, post, screenshot } = panel;
    const long = `category: ${'Discharge summary and '.repeat(4)}`;
    await post(similarControls({ conditions: [long, 'date: from 2021'], canGoBack: true }));
    await post(similarNotes());
    await screenshot('similar-notes-narrow');
    expect((await page.locator('.title').first().boundingBox())!.width).toBeGreaterThan(70);
    const root = page.locator('html');
    expect(await root.evaluate(({ scrollWidth }) => scrollWidth)).toBeLessThanOrEqual(180);
    const labels = await page.locator('.label').all();
    for (const label of labels) {
      const { x, width } = (await label.boundingBox())!;
      expect(x + width).toBeLessThanOrEqual(180);
    }
    expect(labels.length).toBe(4);
  });

  test('show the cosine and say why where no more is known', async () => {
    const { page, post, screenshot } = await open();
    const results = similarNotes();
    const items = results.items.map((item) => ({ ...item, nearness: null, terms: [] }));
    await post({ ...results, items, remark: 'Found by meaning alone.' });
    const text = await page.locator('#app').innerText();
    expect(text).toContain('0.810');
    expect(text).toContain('Found by meaning alone.');
    expect(text).not.toContain('In common');
    expect(await page.locator('.near').first().getAttribute('title')).not.toContain('Nearness');
    await screenshot('similar-notes-cosine');
  });

  test('open on a click', async () => {
    const { page, post, sent } = await open();
    await post(similarNotes());
    await page.locator('[role=option]').nth(2).click();
    expect((await sent()).at(-1)).toEqual({ type: 'open', key: 'key-3', isBeside: false });
  });

  test('are walked through and opened with the keyboard alone', async () => {
    const { page, post, sent } = await open();
    await post(similarNotes());
    await page.keyboard.press('Tab');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    expect((await sent()).at(-1)).toEqual({ type: 'open', key: 'key-2', isBeside: false });
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    expect((await sent()).at(-1)).toEqual({ type: 'open', key: 'key-5', isBeside: false });
    const focused = page.locator('[role=option]:focus');
    expect(await focused.getAttribute('aria-label')).toContain('nearness 9 %');
  });

  test('are drawn without title or snippet when note text is hidden', async () => {
    const { page, post, screenshot } = await open();
    await post(similarNotes(true));
    const html = await page.content();
    for (const { title, snippet, terms } of similarNotes().items) {
      for (const hidden of [title, snippet, ...terms]) expect(html).not.toContain(hidden);
    }
    expect(html).not.toContain('note-0007.txt');
    expect(await page.locator('#app').innerText()).toContain('78 %');
    await screenshot('similar-notes-hidden');
    // The next look-up starts before the host says again that text is hidden.
    await post({ type: 'loading', title: 'note-0099.txt' });
    expect(await page.content()).not.toContain('note-0099.txt');
  });

  test('show a note full of HTML as text and run nothing of it', async () => {
    const { page, post, complaints, sent } = await open();
    const evil =
      '<img src=x onerror="window.owned=1"><script>window.owned=1</script><a href="command:x">y</a>';
    const results = similarNotes();
    const items = results.items.map((item) => ({
      ...item,
      title: evil,
      snippet: evil,
      category: evil,
      terms: [evil],
    }));
    await post({ ...results, title: evil, items, remark: evil });
    expect(await page.locator('#app').innerText()).toContain('<script>window.owned=1</script>');
    expect(await page.locator('#app img, #app script, #app a').count()).toBe(0);
    expect(await page.evaluate(() => 'owned' in window)).toBe(false);
    expect(complaints).toEqual([]);
    expect((await sent()).length).toBe(1);
  });

  test('stay in sight while the next are looked for, unless text is hidden by then', async () => {
    const { page, post } = await open();
    await post(similarNotes());
    await post({ type: 'loading', title: 'note-0008.txt' });
    expect(await page.getByRole('listbox').getAttribute('aria-busy')).toBe('true');
    expect(await page.content()).toContain('productive cough');
    await post({ type: 'loading', title: '' });
    expect(await page.content()).not.toContain('productive cough');
  });

  test('that were typed can be put away', async () => {
    const { page, post, sent } = await open();
    await post(similarNotes());
    const button = page.getByRole('button', { name: 'Back to the open note' });
    expect(await button.count()).toBe(0);
    await post({ ...similarNotes(), title: 'What you typed', isTyped: true });
    await button.click();
    expect((await sent()).at(-1)).toEqual({ type: 'dismiss' });
  });

  test('mark the words in common', async () => {
    const { page, post } = await open();
    await post(similarNotes());
    const marks = await page.locator('.note').first().locator('.snippet mark').allInnerTexts();
    expect(marks).toEqual(['productive', 'amoxicillin', 'saturations']);
  });

  test('open beside, or lead to similar ones, by mouse and keyboard', async () => {
    const { page, post, sent } = await open();
    await post(similarNotes());
    const second = page.locator('[role=option]').nth(1);
    await second.hover();
    await second.getByRole('button', { name: /^Open beside/ }).click();
    expect((await sent()).at(-1)).toEqual({ type: 'open', key: 'key-2', isBeside: true });
    await second.hover();
    await second.getByRole('button', { name: /^Notes similar/ }).click();
    expect((await sent()).at(-1)).toEqual({ type: 'similarTo', key: 'key-2' });
    await page.locator('[role=option]').first().focus();
    await page.keyboard.press('Control+Enter');
    expect((await sent()).at(-1)).toEqual({ type: 'open', key: 'key-1', isBeside: true });
    await page.keyboard.press('Alt+Enter');
    expect((await sent()).at(-1)).toEqual({ type: 'similarTo', key: 'key-1' });
  });

  test('are compared with the note that they are like, if it is one', async () => {
    const { page, post, sent } = await open();
    await post(similarNotes());
    const second = page.locator('[role=option]').nth(1);
    await second.hover();
    await second.getByRole('button', { name: /^Compare/ }).click();
    expect((await sent()).at(-1)).toEqual({ type: 'compare', key: 'key-2' });
    await page.locator('[role=option]').first().focus();
    await page.keyboard.press('Shift+Enter');
    expect((await sent()).at(-1)).toEqual({ type: 'compare', key: 'key-1' });
    await post({ ...similarNotes(), title: 'What you typed', isTyped: true });
    await second.hover();
    expect(await second.getByRole('button', { name: /^Compare/ }).count()).toBe(0);
  });

  test('are exported', async () => {
    const { page, post, sent } = await open();
    await post(similarControls());
    await post(similarNotes());
    await page.getByRole('button', { name: 'Export this list…' }).click();
    expect((await sent()).at(-1)).toEqual({ type: 'export' });
  });

  test('are found by text while it is typed', async () => {
    const { page, post, sent, screenshot } = await open();
    await post(similarControls({ excludeGroup: null }));
    await post({ type: 'focusText' });
    await page.locator('input:focus').waitFor();
    await page.keyboard.type('chest pain');
    await expect
      .poll(async () => (await sent()).at(-1))
      .toEqual({
        ...{ type: 'search', text: 'chest pain' },
      });
    // Debounced: not a search for each letter.
    expect((await sent()).filter(({ type }) => type === 'search').length).toBeLessThan(4);
    // What was asked before does not overtake what is typed.
    await page.keyboard.type(', low');
    await post(similarControls({ text: 'chest', excludeGroup: null }));
    await post({ ...similarNotes(), title: 'What you typed', isTyped: true });
    expect(await page.locator('input').inputValue()).toBe('chest pain, low');
    await screenshot('similar-notes-typed');
    await page.keyboard.press('Enter');
    expect((await sent()).at(-1)).toEqual({ type: 'search', text: 'chest pain, low' });
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    expect((await sent()).at(-1)).toMatchObject({ type: 'open', key: 'key-1' });
    await post(similarControls({ text: 'a former text' }));
    expect(await page.locator('input').inputValue()).toBe('a former text');
    await page.locator('input').focus();
    await page.keyboard.press('Escape');
    expect((await sent()).at(-1)).toEqual({ type: 'search', text: '' });
    expect(await page.locator('input').inputValue()).toBe('');
  });

  test('are found in another way, and among fewer notes', async () => {
    const { page, post, sent } = await open();
    await post(similarControls({ conditions: ['ward: A', 'date: from 2021'] }));
    await post(similarNotes());
    await page.getByLabel('Compare by').selectOption('keyword');
    expect((await sent()).at(-1)).toEqual({ type: 'choose', mode: 'keyword' });
    const others = page.getByRole('button', { name: 'Other patients only' });
    expect(await others.getAttribute('aria-pressed')).toBe('true');
    await others.click();
    expect((await sent()).at(-1)).toEqual({ type: 'choose', excludeGroup: false });
    await page.getByRole('button', { name: 'Not negated' }).click();
    expect((await sent()).at(-1)).toEqual({ type: 'choose', leaveOutNegated: true });
    await page.getByRole('button', { name: 'Remove the filter date: from 2021' }).click();
    expect((await sent()).at(-1)).toEqual({ type: 'removeCondition', place: 1 });
    await page.getByRole('button', { name: 'Filter…' }).click();
    expect((await sent()).at(-1)).toEqual({ type: 'addCondition' });
    await post(similarControls({ conditions: ['ward: A'] }));
    await post({ ...similarNotes(), items: [] });
    expect(await page.locator('#app').innerText()).toContain('No note that passes the filters');
  });

  test('are gone back from, and pinned', async () => {
    const { page, post, sent } = await open();
    await post(similarControls());
    await post(similarNotes());
    const back = page.getByRole('button', { name: 'Back to the list before' });
    expect(await back.count()).toBe(0);
    await post(similarControls({ canGoBack: true }));
    await back.click();
    expect((await sent()).at(-1)).toEqual({ type: 'move', by: -1 });
    const forward = page.getByRole('button', { name: 'Forward to the list after' });
    expect(await forward.isDisabled()).toBe(true);
    const pin = page.getByRole('button', { name: 'Keep this list' });
    await pin.click();
    expect((await sent()).at(-1)).toEqual({ type: 'pin', isPinned: true });
    await post(similarControls({ isPinned: true }));
    expect(await pin.getAttribute('aria-pressed')).toBe('true');
    // Also from where there is no list.
    await post({ type: 'error', message: 'The lookup engine stopped.' });
    await post(similarControls({ canGoBack: true }));
    await back.click();
    expect((await sent()).at(-1)).toEqual({ type: 'move', by: -1 });
  });

  test('start at the top of a new list', async () => {
    const { page, post } = await open();
    await post(similarControls());
    await post(similarNotes());
    await page.evaluate(() => window.scrollTo(0, 300));
    await post({ type: 'loading', title: 'note-0008.txt' });
    expect(await page.evaluate(() => window.scrollY)).toBeGreaterThan(0);
    await post(similarNotes());
    await expect.poll(() => page.evaluate(() => window.scrollY)).toBe(0);
  });

  test('say why there are none, and offer what to do', async () => {
    const { page, post, sent, screenshot } = await open();
    const action = { label: 'Index Notes', command: 'notespace.indexNotes' };
    await post({ type: 'empty', reason: 'These notes are not indexed yet.', action });
    expect(await page.locator('#app').innerText()).toContain('These notes are not indexed yet.');
    await screenshot('similar-notes-empty');
    await page.locator('vscode-button').click();
    expect((await sent()).at(-1)).toEqual({ type: 'action', command: 'notespace.indexNotes' });
  });

  test('say what went wrong', async () => {
    const { page, post } = await open();
    await post({ type: 'error', message: 'The lookup engine stopped: look again.' });
    expect(await page.getByRole('alert').innerText()).toContain('The lookup engine stopped');
  });

  test('ignore what is no message, and never print its content', async () => {
    const { page, post, complaints } = await open();
    await post(similarNotes());
    await post({
      type: 'results',
      title: 'secret',
      items: [{ snippet: 'secret' }],
      remark: null,
      isTyped: false,
      hideText: false,
    });
    expect(await page.locator('[role=option]').count()).toBe(5);
    expect(complaints.join()).toContain('items.0.key');
    expect(complaints.join()).not.toContain('secret');
  });
});
