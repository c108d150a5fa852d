/**
 * Measures both renderers of points: the first picture, and a frame while the map is dragged.
 *
 *     node scripts/runTs.mjs test/webview/scatterPlotSpeed.ts [counts...]
 */
import { launchChromium } from '../host/chromium.mjs';
import { drawPoints, openScatterPlotPage } from './scatterPlotStage.js';
import { cloud } from './mapScenes.js';

const counts = process.argv.slice(2).map(Number);
const browser = await launchChromium();
console.log('renderer   points   first picture   median frame while dragging');
for (const count of counts.length > 0 ? counts : [1000, 5000, 10_000, 20_000, 50_000, 100_000]) {
  for (const renderer of ['plotly', 'canvas'] as const) {
    const page = await openScatterPlotPage(browser);
    // The first picture of a page also loads the renderer.
    const first = await drawPoints(page, renderer, cloud(count, 8));
    const frames = await page.evaluate(async () => {
      const times: number[] = [];
      const next = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
      const target =
        document.querySelector('.nsewdrag') ?? document.querySelector('canvas') ?? document.body;
      const send = (type: string, x: number): boolean =>
        (type.endsWith('move') && target.matches('.nsewdrag') ? document : target).dispatchEvent(
          new (type.startsWith('mouse') ? MouseEvent : PointerEvent)(type, {
            bubbles: true,
            clientX: x,
            clientY: 300,
            buttons: 1,
            pointerId: 1,
          }),
        );
      HTMLElement.prototype.setPointerCapture = () => undefined;
      for (const kind of ['pointer', 'mouse']) send(`${kind}down`, 300);
      let last = await next();
      for (let i = 0; i < 24; i++) {
        for (const kind of ['pointer', 'mouse']) send(`${kind}move`, 300 + i * 5);
        const now = await next();
        times.push(now - last);
        last = now;
      }
      for (const kind of ['pointer', 'mouse']) send(`${kind}up`, 420);
      return times.sort((a, b) => a - b);
    });
    const median = frames[frames.length >> 1] ?? NaN;
    console.log(
      `${renderer.padEnd(9)} ${String(count).padStart(7)} ${first.toFixed(0).padStart(12)} ms ${median.toFixed(0).padStart(12)} ms`,
    );
    await page.close();
  }
}
await browser.close();
