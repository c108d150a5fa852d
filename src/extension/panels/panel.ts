/** A webview panel, at most one per window, and its page. */
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Named } from '../../protocol/messages.js';
import { panelType } from '../contributions.js';
import type { Disposable } from '../disposable.js';
import type { Services } from '../services.js';
import { createNonce, renderPage } from './html.js';
import { openPort } from './port.js';
import type { Port, PortOptions } from './port.js';

export interface Panel<HostMessage> extends Port<HostMessage>, Disposable {
  /** Opens the panel, or brings it to the front. */
  show(): void;
  isOpen(): boolean;
  close(): void;
}

export interface PanelOptions<HostMessage, PanelMessage extends Named> extends PortOptions<
  HostMessage,
  PanelMessage
> {
  readonly title: string;
  /** Opens with the focus in the active column, for what was asked for just now; else beside it. */
  readonly isInFront?: boolean;
  /**
   * Restores a panel of the last session from its page's saved state. Errors, thrown or rejected, are
   * shown to the user.
   */
  restore(remembered: unknown): unknown;
  closed?(): void;
}

export function createPanel<HostMessage, PanelMessage extends Named>(
  { extensionUri, notices }: Pick<Services, 'extensionUri' | 'notices'>,
  options: PanelOptions<HostMessage, PanelMessage>,
): Panel<HostMessage> {
  const { name, title, isInFront = false } = options;
  let open: { panel: vscode.WebviewPanel; port: Port<HostMessage> & Disposable } | null = null;

  function adopt(panel: vscode.WebviewPanel): void {
    panel.webview.options = webviewOptions(extensionUri);
    const port = openPort(panel.webview, notices, options);
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'panel.svg');
    panel.webview.html = pageFor(panel.webview, extensionUri, name, title);
    open = { panel, port };
    panel.onDidDispose(() => {
      port.dispose();
      if (open?.panel === panel) open = null;
      options.closed?.();
    });
  }

  async function restore(remembered: unknown): Promise<void> {
    await options.restore(remembered);
  }

  const serializer = vscode.window.registerWebviewPanelSerializer(panelType(name), {
    deserializeWebviewPanel(panel, remembered: unknown) {
      open?.panel.dispose();
      adopt(panel);
      restore(remembered).catch((error: unknown) => void notices.error(error));
      return Promise.resolve();
    },
  });

  return {
    show() {
      if (open !== null) {
        open.panel.reveal(undefined, !isInFront);
        return;
      }
      adopt(
        vscode.window.createWebviewPanel(
          panelType(name),
          title,
          isInFront
            ? vscode.ViewColumn.Active
            : { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
          webviewOptions(extensionUri),
        ),
      );
    },
    isOpen: () => open !== null,
    close() {
      open?.panel.dispose();
    },
    post: (message) => open?.port.post(message) ?? false,
    dispose() {
      serializer.dispose();
      open?.panel.dispose();
    },
  };
}

export function webviewOptions(extensionUri: vscode.Uri): vscode.WebviewOptions {
  return {
    enableScripts: true,
    enableForms: false,
    localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist', 'webview')],
  };
}

export function pageFor(
  webview: vscode.Webview,
  extensionUri: vscode.Uri,
  name: string,
  title: string,
): string {
  const folder = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
  const style = vscode.Uri.joinPath(folder, `${name}.css`);
  const parts = {
    title,
    script: webview.asWebviewUri(vscode.Uri.joinPath(folder, `${name}.js`)).toString(),
    style: existsSync(style.fsPath) ? webview.asWebviewUri(style).toString() : null,
    cspSource: webview.cspSource,
  };
  return renderPage(parts, createNonce());
}
