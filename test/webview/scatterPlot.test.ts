import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chooseRenderer, plotlyLimit } from '../../webview/shared/createScatterPlot.js';
import { darkPalette } from '../../src/core/report/drawing/palette.js';
import { launchChromium } from '../host/chromium.mjs';
import { type Colour, decodePng, isNear, parseColour, type Picture } from './pixels.js';
import { drawPoints, openScatterPlotPage } from './scatterPlotStage.js';
import { corners } from './mapScenes.js';

const background = parseColour('#1f1f1f');

/** Points are a little translucent. */
function blended(hex: string): Colour {
  const [r, g, b] = parseColour(hex).map((c, i) => c * 0.85 + (background[i] ?? 0) * 0.15);
  return [r ?? 0, g ?? 0, b ?? 0];
}

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser.close());

test('many points, or none of WebGL, are drawn by our own renderer', () => {
  expect(chooseRenderer(plotlyLimit, true)).toBe('plotly');
  expect(chooseRenderer(plotlyLimit + 1, true)).toBe('canvas');
  expect(chooseRenderer(10, false)).toBe('canvas');
});

for (const renderer of ['plotly', 'canvas'] as const) {
  describe(`points drawn by ${renderer}`, () => {
    let page: Page;
    beforeAll(async () => {
      page = await openScatterPlotPage(browser);
    });
    afterAll(() => page.close());

    const picture = async (): Promise<Picture> => {
      await page.waitForTimeout(200);
      return decodePng(await page.screenshot());
    };
    const locate = (point: number) =>
      page.evaluate((p) => window.stage.plot?.locate(p) ?? { x: -1, y: -1 }, point);
    const settle = (): Promise<void> => page.waitForTimeout(250);

    test('each stands where it is said to, in its colour', async () => {
      await drawPoints(page, renderer, corners());
      const shot = await picture();
      for (const [point, colour] of darkPalette.entries()) {
        const { x, y } = await locate(point);
        expect(isNear(shot.at(x, y), blended(colour), 14), `${point} at ${x}, ${y}`).toBe(true);
      }
      expect(shot.count(background)).toBeGreaterThan(0.98 * shot.width * shot.height);
    });

    test('a hidden category is not drawn', async () => {
      await drawPoints(page, renderer, corners(), [3]);
      const shot = await picture();
      const { x, y } = await locate(3);
      expect(isNear(shot.at(x, y), background, 4)).toBe(true);
      expect(isNear(shot.at(x, y), blended(darkPalette[3] ?? ''), 14)).toBe(false);
    });

    test('the pointer finds points, and a click opens one', async () => {
      await drawPoints(page, renderer, corners());
      await settle();
      const { x, y } = await locate(6);
      await page.mouse.move(x - 60, y - 60);
      await page.mouse.move(x + 2, y + 1, { steps: 4 });
      await page.waitForFunction(() => window.stage.hovered.at(-1) === 6);
      await page.mouse.click(x + 2, y + 1);
      await page.waitForFunction(() => window.stage.opened.at(-1) === 6);
      await page.mouse.move(x - 90, y - 70, { steps: 4 });
      await page.waitForFunction(() => window.stage.hovered.at(-1) === null);
      const opened = await page.evaluate(() => window.stage.opened.length);
      await page.mouse.click(x - 90, y - 70);
      expect(await page.evaluate(() => window.stage.opened.length)).toBe(opened);
    });

    test('dragging moves the map without opening anything', async () => {
      await drawPoints(page, renderer, corners());
      await settle();
      const before = await locate(1);
      const opened = await page.evaluate(() => window.stage.opened.length);
      await page.mouse.move(before.x, before.y);
      await page.mouse.down();
      await page.mouse.move(before.x + 70, before.y - 40, { steps: 6 });
      await page.mouse.up();
      await settle();
      const after = await locate(1);
      expect(Math.abs(after.x - before.x - 70)).toBeLessThan(12);
      expect(Math.abs(after.y - before.y + 40)).toBeLessThan(12);
      const shot = await picture();
      expect(isNear(shot.at(after.x, after.y), blended(darkPalette[1] ?? ''), 14)).toBe(true);
      expect(await page.evaluate(() => window.stage.opened.length)).toBe(opened);
    });

    test('the wheel zooms towards the pointer', async () => {
      await drawPoints(page, renderer, corners());
      await settle();
      const [still, other] = [await locate(1), await locate(2)];
      await page.mouse.move(still.x, still.y);
      await page.mouse.wheel(0, -200);
      await page.waitForTimeout(600);
      const [stillAfter, otherAfter] = [await locate(1), await locate(2)];
      expect(Math.abs(stillAfter.x - still.x)).toBeLessThan(4);
      expect(otherAfter.x - stillAfter.x).toBeGreaterThan((other.x - still.x) * 1.1);
      const shot = await picture();
      expect(isNear(shot.at(otherAfter.x, otherAfter.y), blended(darkPalette[2] ?? ''), 14)).toBe(
        true,
      );
    });

    test('buttons zoom, fit and reveal', async () => {
      await drawPoints(page, renderer, corners());
      await settle();
      const before = await locate(0);
      await page.evaluate(() => window.stage.plot?.zoom(8));
      await settle();
      expect((await locate(0)).x).toBeLessThan(0);
      await page.evaluate(() => window.stage.plot?.reveal(0));
      await settle();
      const { x, y } = await locate(0);
      const shot = await picture();
      expect(isNear(shot.at(x, y), blended(darkPalette[0] ?? ''), 14)).toBe(true);
      await page.evaluate(() => window.stage.plot?.fit());
      await settle();
      expect((await locate(0)).x).toBeCloseTo(before.x, 0);
    });

    test('a resized window shows the same middle', async () => {
      await drawPoints(page, renderer, corners());
      await page.setViewportSize({ width: 700, height: 500 });
      await page.evaluate(() => window.stage.plot?.resize());
      await settle();
      const shot = await picture();
      const { x, y } = await locate(5);
      expect(isNear(shot.at(x, y), blended(darkPalette[5] ?? ''), 14)).toBe(true);
      await page.setViewportSize({ width: 900, height: 700 });
    });
  });
}
