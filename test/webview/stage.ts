/** A panel alone in a browser: the page that the extension makes, with a host that only listens. */
import { existsSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import type { Panels } from '../../src/extension/panels/all.js';
import { createNonce, renderPage } from '../../src/extension/panels/html.js';
import { type ThemeName, themeKinds, themes } from './themes.js';

export type PanelName = keyof Panels;

const origin = 'https://panel.test';
const dist = new URL('../../dist/webview/', import.meta.url);
const screenshots = new URL('../../out/screenshots/', import.meta.url);

export interface Panel {
  readonly page: Page;
  /** What the panel sent to its host so far. */
  readonly sent: () => Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** Posts as the host would; typed arrays stay typed arrays. */
  readonly post: (message: object) => Promise<void>;
  /** Everything that went wrong in the page: errors, messages that it could not take, violations of its CSP. */
  readonly complaints: readonly string[];
  /** Bytes of each script that the page loaded so far, by its name. */
  readonly scripts: ReadonlyMap<string, number>;
  readonly screenshot: (name: string) => Promise<Buffer>;
  readonly close: () => Promise<void>;
}

export interface StageOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
}

export async function openPanel(
  browser: Browser,
  name: PanelName,
  { theme = 'dark', width = 1100, height = 760 }: StageOptions = {},
): Promise<Panel> {
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  const complaints: string[] = [];
  const scripts = new Map<string, number>();
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.route('**/*', async (route) => {
    const url = new URL(route.request().url());
    if (url.origin !== origin) {
      complaints.push(`asked for ${url.href}`);
      await route.abort();
    } else if (url.pathname === '/') {
      await route.fulfill({ contentType: 'text/html', body: pageOf(name) });
    } else {
      const file = new URL(url.pathname.slice(1), dist);
      if (url.pathname.endsWith('.js')) scripts.set(url.pathname.slice(1), statSync(file).size);
      if (existsSync(file)) await route.fulfill({ path: fileURLToPath(file) });
      else await route.fulfill({ status: 404 });
    }
  });
  await page.addInitScript(prepare, { variables: themes[theme], kind: themeKinds[theme] });
  await page.goto(`${origin}/`);
  await page.waitForFunction(() => window.sent.some((message) => message['type'] === 'ready'));
  return {
    page,
    complaints,
    scripts,
    sent: () => page.evaluate(() => window.sent),
    post: (message) => post(page, message),
    async screenshot(file) {
      await mkdir(screenshots, { recursive: true });
      return page.screenshot({ path: fileURLToPath(new URL(`${file}.png`, screenshots)) });
    },
    close: () => context.close(),
  };
}

declare global {
  interface Window {
    sent: Record<string, unknown>[];
    acquireVsCodeApi: () => unknown;
  }
}

/** The extension's own page, with its CSP. */
function pageOf(name: PanelName): string {
  const parts = { title: name, script: `${origin}/${name}.js`, style: `${origin}/${name}.css` };
  return renderPage({ ...parts, cspSource: origin }, createNonce());
}

/** Runs in the page before anything of it: what VS Code gives to a webview. */
function prepare({ variables, kind }: { variables: Record<string, string>; kind: string }): void {
  window.sent = [];
  window.acquireVsCodeApi = () => ({
    postMessage(message: Record<string, unknown>) {
      window.sent.push(message);
      if (message['type'] === 'rejected') console.error(JSON.stringify(message));
    },
    getState: () => undefined,
    setState: () => undefined,
  });
  document.addEventListener('readystatechange', () => {
    if (document.readyState !== 'interactive') return;
    for (const [name, value] of Object.entries(variables)) {
      document.documentElement.style.setProperty(`--vscode-${name}`, value);
    }
    document.body.classList.add(kind);
    document.body.dataset['vscodeThemeKind'] = kind;
    document.documentElement.style.background =
      variables[document.title === 'similarNotes' ? 'sideBar-background' : 'editor-background'] ??
      '';
  });
}

/** Typed arrays do not travel to the page as such, and JSON travels fastest. */
async function post(page: Page, message: object): Promise<void> {
  const json = JSON.stringify(message, (_key, value: unknown) => {
    if (value instanceof Float32Array) return { array: 'Float32Array', values: [...value] };
    // JSON has no NaN.
    if (value instanceof Float64Array) {
      return { array: 'Float64Array', values: [...value].map((one) => (isNaN(one) ? null : one)) };
    }
    if (value instanceof Int32Array) return { array: 'Int32Array', values: [...value] };
    return value;
  });
  await page.evaluate(async (text) => {
    const unpacked: unknown = JSON.parse(text, (_key, value: { array?: string } | null) => {
      const { array, values } = (value ?? {}) as { array?: string; values: (number | null)[] };
      if (array === 'Float32Array') return Float32Array.from(values, Number);
      if (array === 'Float64Array') return Float64Array.from(values, (one) => one ?? NaN);
      if (array === 'Int32Array') return Int32Array.from(values, Number);
      return value;
    });
    window.postMessage(unpacked, '*');
    // One frame to receive, one to draw, one to be on screen.
    for (let frame = 0; frame < 3; frame++) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  }, json);
}
