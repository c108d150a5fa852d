/**
 * Every id that package.json declares and the code names, once. A test compares them with
 * package.json, defaults of settings included.
 */
import { automatic } from '../protocol/catalogue/devices.js';
import type { DeviceName } from '../protocol/catalogue/devices.js';
import { devicesFor } from '../protocol/catalogue/deviceUses.js';

export const extensionId = 'notespace.notespace';

/** Name in the code -> id in package.json. `commands/table.ts` has a handler for each. */
export const commandIds = {
  addCorpus: 'notespace.addCorpus',
  chooseCorpus: 'notespace.chooseCorpus',
  indexNotes: 'notespace.indexNotes',
  pretrain: 'notespace.pretrain',
  pretrainFromModel: 'notespace.pretrainFromModel',
  pretrainWithConfiguration: 'notespace.pretrainWithConfiguration',
  resumePretraining: 'notespace.resumePretraining',
  evaluate: 'notespace.evaluate',
  cancelJob: 'notespace.cancelJob',
  showClusters: 'notespace.showClusters',
  showTraining: 'notespace.showTraining',
  compareRuns: 'notespace.compareRuns',
  openRunConfiguration: 'notespace.openRunConfiguration',
  copyModelPath: 'notespace.copyModelPath',
  deleteRun: 'notespace.deleteRun',
  refreshRuns: 'notespace.refreshRuns',
  importModel: 'notespace.importModel',
  indexWithModel: 'notespace.indexWithModel',
  openModelCard: 'notespace.openModelCard',
  removeModel: 'notespace.removeModel',
  refreshModels: 'notespace.refreshModels',
  showActions: 'notespace.showActions',
  findSimilarNotes: 'notespace.findSimilarNotes',
  findNotesByText: 'notespace.findNotesByText',
  openNote: 'notespace.openNote',
  hideNoteText: 'notespace.hideNoteText',
  showNoteText: 'notespace.showNoteText',
} as const;
export type CommandName = keyof typeof commandIds;

export const viewIds = {
  welcome: 'notespace.welcome',
  similarNotes: 'notespace.similarNotes',
  runs: 'notespace.runs',
  models: 'notespace.models',
} as const;

/** Type of a webview panel by its name; each has an `onWebviewPanel:` activation event. */
export function panelType(name: string): string {
  return `notespace.${name}`;
}

/** Set by the code, read by `when` clauses. */
export const contextKeys = {
  hasCorpus: 'notespace.hasCorpus',
  isJobRunning: 'notespace.isJobRunning',
} as const;

/** Rows of tables are documents of this scheme. */
export const noteScheme = 'notespace-note';

/** What a run was asked to do is a document of this scheme, to read. */
export const runScheme = 'notespace-run';

/** Files of this ending are completed and checked as training configurations. */
export const configurationEnding = '.notespace.json';

/** Written by the build from the code that checks configurations. */
export const configurationSchema = './dist/training.schema.json';

export interface Settings {
  readonly similarNotesCount: number;
  readonly isHoverEnabled: boolean;
  readonly hideNoteText: boolean;
  /** 0 means: as many as pay off. */
  readonly threads: number;
  /** Empty means: `.notespace` in the workspace folder. */
  readonly storageFolder: string;
  readonly device: DeviceName;
  /** Where models are downloaded from, once the user has agreed to it. */
  readonly hubUrl: string;
}

export const settingKeys = {
  similarNotesCount: 'notespace.similarNotes.count',
  isHoverEnabled: 'notespace.hover.enabled',
  hideNoteText: 'notespace.hideNoteText',
  threads: 'notespace.threads',
  storageFolder: 'notespace.storageFolder',
  device: 'notespace.device',
  hubUrl: 'notespace.hubUrl',
} as const satisfies Record<keyof Settings, string>;

export const defaultSettings: Settings = {
  similarNotesCount: 10,
  isHoverEnabled: true,
  hideNoteText: false,
  threads: 0,
  storageFolder: '',
  device: automatic.name,
  hubUrl: 'https://huggingface.co',
};

/** What the setting offers: devices that embed. */
export const offeredDevices = devicesFor('embed');
