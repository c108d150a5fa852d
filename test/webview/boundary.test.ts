/** What every panel does with a message that it does not know or cannot read. */
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { panels } from '../../scripts/build.mjs';
import { launchChromium } from '../host/chromium.mjs';
import { corners } from './mapScenes.js';
import { openPanel, type Panel, type PanelName } from './stage.js';

const secret = 'Mrs Example has a cough';

let browser: Browser;
let panel: Panel;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());
afterEach(() => panel.close());

const last = async () => (await panel.sent()).at(-1);

test.each(panels)('the panel %s reports a message that it does not know', async (name) => {
  panel = await openPanel(browser, name as PanelName);
  await panel.post({ type: 'unheardOf', text: secret });
  expect(await last()).toEqual({ type: 'rejected', name: 'unheardOf', paths: [] });
  await panel.post({ type: secret });
  expect(await last()).toEqual({ type: 'rejected', name: '?', paths: [] });
  expect(JSON.stringify(await panel.sent())).not.toContain('Example');
});

test('a message that is wrong is reported by its fields, without their values', async () => {
  panel = await openPanel(browser, 'clusters');
  const { names, ...points } = corners();
  await panel.post({ ...points, warnings: [secret, 3], hideText: secret });
  expect(await last()).toEqual({
    type: 'rejected',
    name: 'points',
    paths: ['names', 'warnings.1', 'hideText'],
  });
  expect(JSON.stringify(await panel.sent())).not.toContain('Example');
  await panel.post({ ...points, names });
  expect((await last())?.['type']).toBe('rejected');
  expect(await panel.sent()).toHaveLength(2);
});
