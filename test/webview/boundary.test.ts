/** What a panel does with a message that it does not know or cannot read. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { panels } from '../../scripts/build.mjs';
import { launchChromium } from '../host/chromium.mjs';
import { comparedRuns, corners, evaluation, runningRun, similarNotes } from './scenes.js';
import { openPanel, type Panel, type PanelName } from './stage.js';

let browser: Browser;
let panel: Panel;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(() => panel.close());

/** A good message of each panel. */
const messages: Readonly<Record<PanelName, { readonly type: string }>> = {
  similarNotes: similarNotes(),
  clusters: corners(),
  training: runningRun,
  comparison: comparedRuns,
  evaluation,
};

test('every panel is looked at', async () => {
  expect(Object.keys(messages).sort()).toEqual([...panels].sort());
  panel = await openPanel(browser, 'evaluation');
});

describe.each(Object.entries(messages))('the panel %s', (name, message) => {
  const secret = 'Mrs Example has a cough';
  const last = async () => (await panel.sent()).at(-1);

  test('takes a message that is right', async () => {
    panel = await openPanel(browser, name as PanelName);
    await panel.post(message);
    expect(await last()).toEqual({ type: 'ready' });
    expect(panel.complaints).toEqual([]);
  });

  test('reports one with an unknown name, and one that is wrong, without their content', async () => {
    panel = await openPanel(browser, name as PanelName);
    await panel.post({ type: 'unheardOf', text: secret });
    expect(await last()).toEqual({ type: 'rejected', name: 'unheardOf', paths: [] });
    await panel.post({ type: secret });
    expect(await last()).toEqual({ type: 'rejected', name: '?', paths: [] });
    await panel.post({ type: message.type, [secret]: secret });
    const { paths, ...about } = (await last()) ?? {};
    expect(about).toEqual({ type: 'rejected', name: message.type });
    expect(paths).not.toEqual([]);
    expect(JSON.stringify(await panel.sent())).not.toContain('Example');
  });
});
