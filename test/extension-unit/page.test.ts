import { beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { settingKeys } from '../../src/extension/contributions.js';
import { createNonce, renderPage } from '../../src/extension/panels/html.js';
import { openPort } from '../../src/extension/panels/port.js';
import type { PortOptions } from '../../src/extension/panels/port.js';
import { FakeWebview, host } from '../host/fakeVscode.js';

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
  const secret = 'Mrs Example has a cough';
  const open = z.object({ type: z.literal('open'), key: z.string() });
  interface Open {
    readonly type: 'open';
    readonly key: string;
  }
  let webview: FakeWebview;
  let told: unknown[];
  let logged: string[];

  beforeEach(() => {
    host.reset();
    webview = new FakeWebview();
    told = [];
    logged = [];
  });

  function join<PanelMessage extends { readonly type: string }>(
    options: Omit<PortOptions<{ type: string; text: string }, PanelMessage>, 'name'>,
  ) {
    const notices = {
      logError: (message: string) => logged.push(message),
      error: (error: unknown) => Promise.resolve(void told.push(error)),
    };
    return openPort(webview as never, notices as never, { name: 'test', ...options });
  }

  it('holds back what it has to say until the page is ready, and says it again to a new page', () => {
    let text = 'first';
    const current = () => [{ type: 'say', text }];
    const port = join<never>({ schemas: {}, current, receive: () => undefined });
    port.post({ type: 'say', text: 'lost on a page that does not listen yet' });
    text = 'second';
    expect(webview.posted).toEqual([]);
    webview.send({ type: 'ready' });
    port.post({ type: 'say', text: 'third' });
    webview.send({ type: 'ready' });
    expect(webview.posted.map((message) => (message as unknown as { text: string }).text)).toEqual([
      'second',
      'third',
      'second',
    ]);
  });

  it('logs each message that is not of the protocol, and tells nothing of its content', () => {
    const received: unknown[] = [];
    const receive = (message: unknown): unknown => received.push(message);
    join<Open>({ schemas: { open }, current: () => [], receive });
    for (const message of [
      null,
      secret,
      { type: secret },
      { type: 'constructor' },
      { type: 'run', key: secret },
      { type: 'open', [secret]: secret },
      { type: 'open', key: [secret] },
    ]) {
      webview.send(message as never);
    }
    expect(received).toEqual([]);
    expect(logged).toEqual([
      'From the panel test, ignored: there is no message "?".',
      'From the panel test, ignored: there is no message "?".',
      'From the panel test, ignored: there is no message "?".',
      'From the panel test, ignored: there is no message "constructor".',
      'From the panel test, ignored: there is no message "run".',
      'From the panel test, ignored: the message "open" is wrong at key.',
      'From the panel test, ignored: the message "open" is wrong at key.',
    ]);
    webview.send({ type: 'open', key: 'k' });
    expect(received).toEqual([{ type: 'open', key: 'k' }]);
    expect(logged).toHaveLength(7);
  });

  it('logs what the page could not take', () => {
    join<never>({ schemas: {}, current: () => [], receive: () => undefined });
    webview.send({ type: 'rejected', name: 'points', paths: ['x', 'names.0'] });
    webview.send({ type: 'rejected', name: 'new', paths: [] });
    expect(logged).toEqual([
      'To the panel test, ignored there: the message "points" is wrong at x, names.0.',
      'To the panel test, ignored there: there is no message "new".',
    ]);
  });

  it('tells the user when what a message asked for fails, at once or later', async () => {
    const failures = [new Error('at once'), new Error('later')];
    const receive = ({ key }: Open): unknown => {
      if (key === '0') throw failures[0] ?? new Error();
      return Promise.reject(failures[1] ?? new Error());
    };
    join<Open>({ schemas: { open }, current: () => [], receive });
    for (const key of ['0', '1']) webview.send({ type: 'open', key });
    await expect.poll(() => told).toEqual(failures);
  });

  it('lets no note text through while the setting hides it, and takes back what is there', () => {
    const port = join<never>({
      schemas: {},
      current: () => [{ type: 'say', text: secret }],
      receive: () => undefined,
      withoutText: (message) => ({ ...message, text: '' }),
    });
    const last = () => webview.posted.at(-1);
    host.configure(settingKeys.hideNoteText, true);
    expect(webview.posted).toEqual([]);
    webview.send({ type: 'ready' });
    expect(last()).toEqual({ type: 'say', text: '' });
    port.post({ type: 'say', text: secret });
    expect(last()).toEqual({ type: 'say', text: '' });
    host.configure(settingKeys.hideNoteText, false);
    expect(last()).toEqual({ type: 'say', text: secret });
    host.configure(settingKeys.hideNoteText, true);
    expect(last()).toEqual({ type: 'say', text: '' });
    port.dispose();
    host.configure(settingKeys.hideNoteText, false);
    expect(last()).toEqual({ type: 'say', text: '' });
  });
});
