import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { Webview } from 'vscode';
import { createNonce, renderPage } from '../../src/extension/panels/html.js';
import { openPort } from '../../src/extension/panels/port.js';

describe('the page of a webview', () => {
  const parts = {
    title: 'A <b>"title"</b>',
    script: 'https://host/x.js?a&b',
    style: 'https://host/x.css',
    cspSource: 'https://host',
  };

  it('allows one script, by a nonce of its own, and nothing remote or inline', () => {
    const nonce = createNonce();
    const page = renderPage(parts, nonce);
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1] ?? '';
    expect(policy).toContain(`default-src 'none'`);
    expect(policy).toContain(`script-src 'nonce-${nonce}'`);
    expect(policy).not.toMatch(/unsafe|\*|http:/);
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).toContain(
      `<script type="module" nonce="${nonce}" src="https://host/x.js?a&amp;b">`,
    );
    expect(page).toContain('<div id="app"></div>');
    expect(page).not.toContain('<b>');
  });

  it('never uses a nonce twice', () => {
    const nonces = Array.from({ length: 100 }, createNonce);
    expect(new Set(nonces).size).toBe(100);
    for (const nonce of nonces) expect(nonce).toMatch(/^[\w-]{22}$/);
  });

  it('has no style sheet where there is none', () => {
    expect(renderPage({ ...parts, style: null }, 'n')).not.toContain('<link');
  });
});

describe('the port to a webview', () => {
  function webview(): { posted: unknown[]; receive: (message: unknown) => void; view: Webview } {
    const posted: unknown[] = [];
    let listener: (message: unknown) => void = () => undefined;
    const view = {
      postMessage(message: unknown) {
        posted.push(message);
        return Promise.resolve(true);
      },
      onDidReceiveMessage(listen: (message: unknown) => void) {
        listener = listen;
        return { dispose: () => (listener = () => undefined) };
      },
    };
    return { posted, receive: (message) => listener(message), view: view as unknown as Webview };
  }

  it('holds back what it has to say until the page is ready, and says it again to a new page', () => {
    const { posted, receive, view } = webview();
    let state = 'first';
    const port = openPort<string, never>(view, {
      name: 'test',
      schema: z.never(),
      current: () => [state],
      receive: () => undefined,
    });
    port.post('lost on a page that does not listen yet');
    state = 'second';
    expect(posted).toEqual([]);
    receive({ type: 'ready' });
    port.post('third');
    receive({ type: 'ready' });
    expect(posted).toEqual(['second', 'third', 'second']);
  });

  it('lets no message through that is not of the protocol', () => {
    const { receive, view } = webview();
    const received: unknown[] = [];
    openPort<never, { type: 'open'; key: string }>(view, {
      name: 'test',
      schema: z.object({ type: z.literal('open'), key: z.string() }),
      current: () => [],
      receive: (message) => received.push(message),
    });
    for (const message of [
      null,
      'open',
      { type: 'open' },
      { type: 'open', key: 3 },
      { type: 'run' },
    ]) {
      receive(message);
    }
    receive({ type: 'open', key: 'k' });
    expect(received).toEqual([{ type: 'open', key: 'k' }]);
  });
});
