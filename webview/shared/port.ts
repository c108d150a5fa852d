import * as z from 'zod/mini';
import { type MessageSchemas, type Named, readMessage } from '../../src/protocol/messages.js';
import type { PageMessage } from '../../src/protocol/panels.js';

// zod compiles parsers with `new Function` where it may; the panels' CSP forbids that, and even the
// attempt is reported on the console.
z.config({ jitless: true });

interface VsCodeApi {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

export interface Port<PanelMessage> {
  send(message: PanelMessage): void;
  /** Survives a window reload. Names of runs and switches only: never text of a note. */
  remember(state: Readonly<Record<string, string | number | boolean>>): void;
}

/**
 * Joins the panel to its host: what arrives is checked before `receive` sees it, and the host is told
 * that the panel is ready once it listens.
 */
export function openPort<HostMessage extends Named, PanelMessage>(
  schemas: MessageSchemas<HostMessage>,
  receive: (message: HostMessage) => void,
): Port<PanelMessage> {
  const api = acquireVsCodeApi();
  const post = (message: PageMessage): void => api.postMessage(message);
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const { message, rejection } = readMessage(schemas, event.data);
    if (rejection === null) receive(message);
    else post({ type: 'rejected', ...rejection });
  });
  post({ type: 'ready' });
  return {
    send: (message) => api.postMessage(message),
    remember: (state) => api.setState(state),
  };
}
