import type { FrameLocator, Page } from 'playwright-core';
import type { CodeServer } from './codeServer.mjs';

export interface OpenWorkbench {
  readonly server: CodeServer;
  readonly page: Page;
  /** Types the title into the command palette and runs what is found. */
  readonly runCommand: (title: string) => Promise<void>;
  readonly webview: (kind: 'view' | 'panel') => FrameLocator;
  readonly close: () => Promise<void>;
}

export function openWorkbench(options: {
  readonly folder: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly viewport?: { readonly width: number; readonly height: number };
}): Promise<OpenWorkbench>;
