/** A webview panel of which a window has at most one, and its page. */
import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Disposable } from '../disposable.js';
import { panelTypes } from '../contributions.js';
import { createNonce, renderPage } from './html.js';
import { openPort } from './port.js';
import type { Port, PortOptions } from './port.js';

export type PanelName = keyof typeof panelTypes;

export interface Panel<HostMessage> extends Port<HostMessage>, Disposable {
  /** Opens the panel, or brings it to the front. */
  show(): void;
  isOpen(): boolean;
}

export interface PanelOptions<HostMessage, PanelMessage> extends PortOptions<
  HostMessage,
  PanelMessage
> {
  readonly name: PanelName;
  readonly title: string;
  readonly extensionUri: vscode.Uri;
  /** A panel of the last session is back, with what its page remembers, and wants its content. */
  restore(remembered: unknown): void;
  closed(): void;
}

export function createPanel<HostMessage, PanelMessage>(
  options: PanelOptions<HostMessage, PanelMessage>,
): Panel<HostMessage> {
  const { name, title, extensionUri } = options;
  let open: { panel: vscode.WebviewPanel; port: Port<HostMessage> & Disposable } | null = null;

  function adopt(panel: vscode.WebviewPanel): void {
    panel.webview.options = webviewOptions(extensionUri);
    const port = openPort(panel.webview, options);
    panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'panel.svg');
    panel.webview.html = pageFor(panel.webview, extensionUri, name, title);
    open = { panel, port };
    panel.onDidDispose(() => {
      port.dispose();
      if (open?.panel === panel) open = null;
      options.closed();
    });
  }

  const serializer = vscode.window.registerWebviewPanelSerializer(panelTypes[name], {
    deserializeWebviewPanel(panel, remembered: unknown) {
      open?.panel.dispose();
      adopt(panel);
      options.restore(remembered);
      return Promise.resolve();
    },
  });

  return {
    show() {
      if (open !== null) {
        open.panel.reveal(undefined, true);
        return;
      }
      adopt(
        vscode.window.createWebviewPanel(
          panelTypes[name],
          title,
          { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
          webviewOptions(extensionUri),
        ),
      );
    },
    isOpen: () => open !== null,
    post: (message) => open?.port.post(message),
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
