/** The workbench of a real VS Code in a browser, with the packaged extension, to drive as a user. */
import { launchChromium } from './chromium.mjs';
import { startCodeServer } from './codeServer.mjs';
import { smallModel, testVsix } from './vsix.mjs';

const extensionId = 'notespace.notespace';

export async function openWorkbench({
  folder,
  settings = {},
  environment = {},
  viewport = { width: 1400, height: 900 },
}) {
  const server = await startCodeServer({
    vsix: await testVsix(),
    bundledModel: smallModel,
    settings,
    environment,
  });
  let browser = null;
  try {
    browser = await launchChromium();
    const context = await browser.newContext({ viewport });
    const page = await context.newPage();
    // A busy machine needs its time.
    page.setDefaultNavigationTimeout(120_000);
    await page.goto(`${server.url}/?folder=${encodeURIComponent(folder)}`);
    await page.locator('.monaco-workbench').waitFor({ timeout: 60_000 });
    await page.locator('.explorer-folders-view').first().waitFor({ timeout: 60_000 });
    return {
      ...{ server, page },
      runCommand: (title) => runCommand(page, title),
      webview: (kind) => webview(page, kind),
      async close() {
        await browser.close();
        await server.stop();
      },
    };
  } catch (error) {
    await browser?.close();
    await server.stop();
    throw error;
  }
}

/** Through the command palette; it lists what is known when it opens, so it is opened again. */
async function runCommand(page, title) {
  const input = page.locator('.quick-input-widget:visible .quick-input-box input');
  const row = page.locator('.quick-input-list .monaco-list-row.focused');
  for (let attempt = 1; ; attempt++) {
    try {
      await page.keyboard.press('F1');
      // A busy editor may close the palette again.
      await input.fill(`>${title}`, { timeout: 5000 });
      await row.filter({ hasText: title }).waitFor({ timeout: 5000 });
      break;
    } catch (error) {
      if (attempt === 6) throw error;
      await page.keyboard.press('Escape');
    }
  }
  await page.keyboard.press('Enter');
}

/** Content of our webview: `view` (side bar) or `panel` (editor). */
function webview(page, kind) {
  const purpose =
    kind === 'view' ? '[src*="purpose=webviewView"]' : ':not([src*="purpose=webviewView"])';
  return page
    .frameLocator(`iframe.webview.ready[src*="extensionId=${extensionId}"]${purpose}`)
    .frameLocator('iframe#active-frame');
}
