/** The host's end of a webview: validates incoming messages, and posts only once the panel is ready. */
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
  /** Whether it was sent; before the page is ready it is not. */
  post(message: HostMessage): boolean;
}

export interface PortOptions<HostMessage, PanelMessage extends Named> {
  /** Name of its folder in `webview/`. */
  readonly name: string;
  readonly schemas: MessageSchemas<PanelMessage>;
  /** Everything that a new page needs: posted whenever a page reports that it is ready. */
  readonly current: () => readonly HostMessage[];
  /** Errors, thrown or rejected, are shown to the user. */
  readonly receive: (message: PanelMessage) => unknown;
  /** The message without note text, posted while the setting hides text. */
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
    // A panel that is just closing needs no message.
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
      // At once: people hide note text just before sharing the screen.
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (isReady && event.affectsConfiguration(settingKeys.hideNoteText)) sendCurrent();
      }),
    );
  }
  return {
    post(message) {
      // Before that nothing is lost: `current` includes it.
      if (isReady) send(message);
      return isReady;
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
