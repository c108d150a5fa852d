/** The host's end of a webview: what arrives is checked, what is posted waits until the panel is ready. */
import type * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { Disposable } from '../disposable.js';
import type { Ready } from '../../protocol/panels.js';
import { recordPost } from './journal.js';

export interface Port<HostMessage> {
  post(message: HostMessage): void;
}

export interface PortOptions<HostMessage, PanelMessage> {
  readonly name: string;
  readonly schema: z.ZodMiniType<PanelMessage>;
  /** Everything that a fresh page has to know: posted whenever one says that it is ready. */
  readonly current: () => readonly HostMessage[];
  readonly receive: (message: PanelMessage) => void;
}

const readySchema = z.object({ type: z.literal('ready') }) satisfies z.ZodMiniType<Ready>;

export function openPort<HostMessage, PanelMessage>(
  webview: vscode.Webview,
  { name, schema, current, receive }: PortOptions<HostMessage, PanelMessage>,
): Port<HostMessage> & Disposable {
  let isReady = false;
  function send(message: HostMessage): void {
    recordPost(name, message);
    // A page that closes in this moment needs no message; the promise says no more than that.
    void webview.postMessage(message);
  }
  const subscription = webview.onDidReceiveMessage((message: unknown) => {
    if (readySchema.safeParse(message).success) {
      isReady = true;
      for (const held of current()) send(held);
      return;
    }
    const parsed = schema.safeParse(message);
    if (parsed.success) receive(parsed.data);
  });
  return {
    post(message) {
      // Until then `current` holds what it says.
      if (isReady) send(message);
    },
    dispose() {
      subscription.dispose();
    },
  };
}
