import * as z from 'zod/mini';
import { type MessageSchemas, type Named, readMessage } from '../../src/protocol/messages.js';
import type { PageMessage } from '../../src/protocol/panels.js';

// By default zod tries to compile parsers with `new Function`. The panels' CSP forbids that and reports
// even the attempt.
z.config({ jitless: true });

interface VsCodeApi {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

export interface Port<PanelMessage> {
  send(message: PanelMessage): void;
  /** Saved across window reloads. Names of runs and view settings only: never note text. */
  remember(state: Readonly<Record<string, string | number | boolean>>): void;
}

/**
 * Connects the panel to its host: validates messages before `receive` gets them, and tells the host that
 * the panel is ready once it listens.
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
