/** A page that holds nothing but a cloud of points, drawn by the renderer that a test names. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import type { ScatterPlotRenderer } from '../../webview/shared/scatterPlot.js';
import { categoryOf, type PointsMessage } from './mapScenes.js';

const entry = fileURLToPath(new URL('scatterPlotPage.ts', import.meta.url));

export async function openScatterPlotPage(browser: Browser): Promise<Page> {
  const { outputFiles } = await build({
    entryPoints: {
      page: entry,
      style: fileURLToPath(new URL('../../webview/shared/scatterPlot.css', import.meta.url)),
    },
    bundle: true,
    write: false,
    outdir: 'out',
    format: 'iife',
    platform: 'browser',
    target: 'chrome128',
    tsconfig: fileURLToPath(new URL('../../webview/tsconfig.json', import.meta.url)),
  });
  const text = (name: string): string =>
    outputFiles.find((file) => file.path.endsWith(name))?.text ?? '';
  const page = await browser.newPage({ viewport: { width: 900, height: 700 } });
  await page.route('https://points.test/', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!DOCTYPE html><style>body { margin: 0; background: #1f1f1f } #app { height: 100vh }
        ${text('style.css')}</style><div id="app"></div>`,
    }),
  );
  await page.goto('https://points.test/');
  await page.addScriptTag({ content: text('page.js') });
  return page;
}

/** Draws and says how many milliseconds that took. */
export function drawPoints(
  page: Page,
  renderer: ScatterPlotRenderer,
  points: PointsMessage,
  hidden: readonly number[] = [],
): Promise<number> {
  const columns = { x: [...points.x], y: [...points.y], category: [...categoryOf(points)], hidden };
  return page.evaluate(([name, data]) => window.stage.start(name, data), [
    renderer,
    columns,
  ] as const);
}
