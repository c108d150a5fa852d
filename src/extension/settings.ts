import * as vscode from 'vscode';
import { defaultSettings, offeredDevices, settingKeys } from './contributions.js';
import type { Settings } from './contributions.js';
import type { ChildSettings, Places } from './places.js';

/** The current settings at a place in the workspace; a value of the wrong type counts as unset. */
export function readSettings(scope?: vscode.Uri): Settings {
  const configuration = vscode.workspace.getConfiguration(undefined, scope ?? null);
  const device = configuration.get<unknown>(settingKeys.device);
  const count = number(configuration.get(settingKeys.similarNotesCount));
  return {
    similarNotesCount: Math.min(50, Math.max(1, count ?? defaultSettings.similarNotesCount)),
    isHoverEnabled:
      boolean(configuration.get(settingKeys.isHoverEnabled)) ?? defaultSettings.isHoverEnabled,
    hideNoteText:
      boolean(configuration.get(settingKeys.hideNoteText)) ?? defaultSettings.hideNoteText,
    threads: Math.max(0, number(configuration.get(settingKeys.threads)) ?? defaultSettings.threads),
    storageFolder:
      string(configuration.get(settingKeys.storageFolder)) ?? defaultSettings.storageFolder,
    device: offeredDevices.find((name) => name === device) ?? defaultSettings.device,
    hubUrl: address(configuration.get(settingKeys.hubUrl)) ?? defaultSettings.hubUrl,
    queryPrompt:
      untrimmed(configuration.get(settingKeys.queryPrompt)) ?? defaultSettings.queryPrompt,
    documentPrompt:
      untrimmed(configuration.get(settingKeys.documentPrompt)) ?? defaultSettings.documentPrompt,
  };
}

/** A sentence about an unavailable device in the settings; `null` if there is none. */
export function unofferedDevice(): string | null {
  const device = vscode.workspace.getConfiguration().get<unknown>(settingKeys.device);
  if (typeof device !== 'string' || offeredDevices.some((name) => name === device)) return null;
  const list = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(offeredDevices);
  return `The setting ${settingKeys.device} says "${device}", which is not supported: ${defaultSettings.device} is used instead. Choose ${list}.`;
}

/** Settings for child processes, including the editor's proxy. */
export function childSettings({ cache }: Places): ChildSettings {
  const http = vscode.workspace.getConfiguration('http');
  const noProxy = http.get<unknown>('noProxy');
  return {
    cache,
    threads: readSettings().threads,
    proxy: string(http.get('proxy')) ?? '',
    noProxy: Array.isArray(noProxy) ? noProxy.map(string).filter((host) => host !== null) : [],
  };
}

/** Settings that a child process reads only when it starts. */
export const engineSettings = [settingKeys.threads, 'http.proxy', 'http.noProxy'] as const;

/** Set globally: when the screen is shared, all windows are. */
export async function setHideNoteText(hide: boolean): Promise<void> {
  await vscode.workspace
    .getConfiguration()
    .update(settingKeys.hideNoteText, hide, vscode.ConfigurationTarget.Global);
}

function number(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? Math.trunc(value) : null;
}

function boolean(value: unknown): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

function string(value: unknown): string | null {
  return untrimmed(value)?.trim() ?? null;
}

function untrimmed(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** Without a trailing slash. */
function address(value: unknown): string | null {
  const text = string(value)?.replace(/\/+$/, '') ?? '';
  return /^https?:\/\/[^/\s]/.test(text) && URL.canParse(text) ? text : null;
}
