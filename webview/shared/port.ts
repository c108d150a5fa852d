import * as z from 'zod/mini';
import type { Ready } from '../../src/protocol/panels.js';

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
 * Joins the panel to its host: what arrives is checked against `schema` before `receive` sees it,
 * and the host is told that the panel is ready once it listens.
 */
export function openPort<HostMessage, PanelMessage>(
  schema: z.ZodMiniType<HostMessage>,
  receive: (message: HostMessage) => void,
): Port<PanelMessage | Ready> {
  const api = acquireVsCodeApi();
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const parsed = schema.safeParse(event.data);
    if (parsed.success) {
      receive(parsed.data);
    } else {
      // Paths of fields, never their values: these may be text of a note.
      const paths = parsed.error.issues.map((issue) => issue.path.join('.') || '(message)');
      console.error(`A message from the extension was ignored; wrong: ${paths.join(', ')}`);
    }
  });
  api.postMessage({ type: 'ready' } satisfies Ready);
  return {
    send: (message) => api.postMessage(message),
    remember: (state) => api.setState(state),
  };
}
