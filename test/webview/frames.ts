/** Finds the content of our webviews among the frames of a workbench. */
import type { Frame, Page } from 'playwright-core';

/** The frame of the webview with this title, once it has content; reloads make a new one. */
export async function webviewFrame(page: Page, title: string, seconds = 60): Promise<Frame> {
  return eventually(`the webview ${title} is there`, seconds, async () => {
    for (const frame of page.frames()) {
      if (await hasContent(frame, title)) return frame;
    }
    return null;
  });
}

/** A frame that is being loaded does not answer: it is asked again later. */
async function hasContent(frame: Frame, title: string): Promise<boolean> {
  const answer = frame
    .evaluate(
      (wanted) =>
        document.title === wanted && (document.querySelector('#app')?.childElementCount ?? 0) > 0,
      title,
    )
    .catch(() => false);
  const silence = new Promise<boolean>((resolve) => {
    setTimeout(() => resolve(false), 3000);
  });
  return Promise.race([answer, silence]);
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
