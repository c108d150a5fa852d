/** Finds the content of our webviews among the frames of a workbench. */
import type { Frame, Page } from 'playwright-core';

export type WebviewTitle = 'Similar Notes' | 'Clusters' | 'Training' | 'Evaluation';

/** The frame of the webview with this title, once it has content; reloads make a new one. */
export async function webviewFrame(page: Page, title: WebviewTitle, seconds = 60): Promise<Frame> {
  return eventually(`the webview ${title} is there`, seconds, async () => {
    for (const frame of page.frames()) {
      const found = await frame
        .evaluate(
          (wanted) =>
            document.title === wanted &&
            (document.querySelector('#app')?.childElementCount ?? 0) > 0,
          title,
        )
        .catch(() => false);
      if (found) return frame;
    }
    return null;
  });
}

/** Asks until `probe` gives something. */
export async function eventually<T>(
  what: string,
  seconds: number,
  probe: () => Promise<T | null | undefined | false>,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const value = await probe();
    if (value !== null && value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`In ${seconds} s it did not happen: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}
