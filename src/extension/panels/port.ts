/** The host's end of a webview: what arrives is checked, what is posted waits until the panel is ready. */
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { readMessage } from '../../protocol/messages.js';
import type { MessageSchemas, Named, Rejection } from '../../protocol/messages.js';
import type { PageMessage } from '../../protocol/panels.js';
import { settingKeys } from '../contributions.js';
import { disposableList } from '../disposable.js';
import type { Disposable } from '../disposable.js';
import type { Notices } from '../notices.js';
import { readSettings } from '../settings.js';
import { recordPost } from './journal.js';

export interface Port<HostMessage> {
  post(message: HostMessage): void;
}

export interface PortOptions<HostMessage, PanelMessage extends Named> {
  /** Of its folder in `webview/`. */
  readonly name: string;
  readonly schemas: MessageSchemas<PanelMessage>;
  /** Everything that a fresh page has to know: posted whenever one says that it is ready. */
  readonly current: () => readonly HostMessage[];
  /** What it throws, at once or later, is told to the user. */
  readonly receive: (message: PanelMessage) => unknown;
  /** The same without note text: posted instead, as long as the setting hides it. */
  readonly withoutText?: (message: HostMessage) => HostMessage;
}

const pageSchemas: MessageSchemas<PageMessage> = {
  ready: z.object({ type: z.literal('ready') }),
  rejected: z.object({
    type: z.literal('rejected'),
    name: z.string(),
    paths: z.array(z.string()),
  }),
};

export function openPort<HostMessage, PanelMessage extends Named>(
  webview: vscode.Webview,
  notices: Notices,
  options: PortOptions<HostMessage, PanelMessage>,
): Port<HostMessage> & Disposable {
  const { name, current, receive, withoutText } = options;
  const schemas = { ...pageSchemas, ...options.schemas } as MessageSchemas<
    PageMessage | PanelMessage
  >;
  let isReady = false;

  function send(message: HostMessage): void {
    const isHidden = withoutText !== undefined && readSettings().hideNoteText;
    const visible = isHidden ? withoutText(message) : message;
    recordPost(name, visible);
    // A page that closes in this moment needs no message; the promise says no more than that.
    void webview.postMessage(visible);
  }

  function sendCurrent(): void {
    for (const held of current()) send(held);
  }

  async function take(value: unknown): Promise<void> {
    const { message, rejection } = readMessage(schemas, value);
    if (rejection !== null) {
      notices.logError(`From the panel ${name}, ignored: ${sentenceOf(rejection)}.`);
    } else if (isOfPage(message)) {
      if (message.type === 'rejected') {
        notices.logError(`To the panel ${name}, ignored there: ${sentenceOf(message)}.`);
        return;
      }
      isReady = true;
      sendCurrent();
    } else {
      await receive(message);
    }
  }

  const all = disposableList();
  all.add(
    webview.onDidReceiveMessage((value: unknown) => {
      take(value).catch((error: unknown) => void notices.error(error));
    }),
  );
  if (withoutText !== undefined) {
    all.add(
      // At once: whoever hides note text is about to show the screen.
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (isReady && event.affectsConfiguration(settingKeys.hideNoteText)) sendCurrent();
      }),
    );
  }
  return {
    post(message) {
      // Until then `current` holds what it says.
      if (isReady) send(message);
    },
    dispose: () => all.dispose(),
  };
}

function isOfPage(message: Named): message is PageMessage {
  return Object.hasOwn(pageSchemas, message.type);
}

function sentenceOf({ name, paths }: Rejection): string {
  return paths.length === 0
    ? `there is no message "${name}"`
    : `the message "${name}" is wrong at ${paths.join(', ')}`;
}
