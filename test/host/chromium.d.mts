import type { Browser } from 'playwright-core';

export const chromiumFlags: readonly string[];
export function findChromium():
  | { readonly executable: string; readonly missing?: undefined }
  | { readonly missing: string; readonly executable?: undefined };
export function launchChromium(options?: { readonly args?: readonly string[] }): Promise<Browser>;
export function findSwiftShader():
  | { readonly environment: Readonly<Record<string, string>>; readonly missing?: undefined }
  | { readonly missing: string; readonly environment?: undefined };
