import * as vscode from 'vscode';
import { registerCommands } from './extension/commands/table.js';
import { noteScheme, settingKeys } from './extension/contributions.js';
import { createCorpora } from './extension/corpora/corpora.js';
import { disposableList } from './extension/disposable.js';
import { createHoverProvider } from './extension/lookup/hover.js';
import { reportJobs } from './extension/runs/jobReports.js';
import { createJobs } from './extension/runs/jobs.js';
import { createNoteDocuments } from './extension/notes/noteDocuments.js';
import { createModelsView } from './extension/views/modelsView.js';
import { createNotices } from './extension/notices.js';
import { createPanels } from './extension/panels/all.js';
import { createStudyReports } from './extension/panels/studyReports.js';
import type { Notices } from './extension/notices.js';
import { lastPosts } from './extension/panels/journal.js';
import { childEnvironment, placesOf } from './extension/places.js';
import { registerRunDocuments } from './extension/runs/runDocuments.js';
import { createRunsView } from './extension/views/runsView.js';
import { childSettings, engineSettings, unofferedDevice } from './extension/settings.js';
import { createStatusBar } from './extension/views/statusBar.js';
import { createMarks } from './extension/notes/marks.js';
import { createTableRows } from './extension/notes/tableRows.js';
import { createTrustedLookup } from './extension/lookup/trustedLookup.js';
import { registerWelcome } from './extension/views/welcome.js';
import type { Workbench } from './extension/workbench.js';

/** For tests: what was shown to the user. */
export interface NotespaceApi {
  /** Messages posted to a webview, newest last; recorded only when NOTESPACE_TEST is 1. */
  lastPosts(panel: string): readonly unknown[];
  /** Notification texts, newest last. */
  notices(): readonly string[];
  /** How to answer the next modal dialogue. */
  answerNext(agree: boolean): void;
  /** Rows of the Runs and Models views: name, description and context value. */
  rows(view: 'runs' | 'models'): Promise<readonly string[]>;
  lookupProcessId(): number | null;
  /** CPU time, so that load from other programs does not count. */
  readonly activationMs: number;
}

export function activate(context: vscode.ExtensionContext): NotespaceApi {
  const startedAt = process.cpuUsage();
  const all = disposableList();
  context.subscriptions.push(all);
  const places = placesOf(context.extensionPath, context.globalStorageUri.fsPath);
  const notices = createNotices(
    all.add(vscode.window.createOutputChannel('Notespace', { log: true })),
  );
  const corpora = all.add(createCorpora(places, context.workspaceState, notices));
  const lookup = all.add(
    createTrustedLookup({
      script: places.lookupScript,
      execPath: process.execPath,
      environment: () => childEnvironment(process.env, childSettings(places)),
      onDeath(reason, isNews) {
        if (isNews) void notices.warn(reason);
        else notices.log(reason);
      },
      onOutput: (text) => notices.log(`Lookup engine: ${text.trimEnd()}`),
    }),
  );
  const jobs = all.add(createJobs(places, notices));
  const rows = all.add(createTableRows(corpora, lookup));
  const marks = all.add(createMarks());
  const services = {
    extensionUri: context.extensionUri,
    places,
    notices,
    corpora,
    lookup,
    jobs,
    rows,
    marks,
  };
  const panels = createPanels(services);
  for (const panel of Object.values(panels)) all.add(panel);
  const workbench: Workbench = {
    ...services,
    ...panels,
    noteDocuments: all.add(createNoteDocuments(lookup, corpora)),
    studyReports: all.add(createStudyReports(services)),
    runsView: all.add(createRunsView(services)),
    modelsView: all.add(createModelsView(services)),
    subjects: new Map(),
  };
  all.add(registerCommands(workbench));
  all.add(reportJobs(workbench));
  all.add(createStatusBar(corpora, jobs));
  all.add(registerWelcome());
  all.add(registerRunDocuments(corpora));
  all.add(
    vscode.workspace.registerFileSystemProvider(noteScheme, workbench.noteDocuments, {
      isCaseSensitive: true,
      isReadonly: true,
    }),
  );
  all.add(
    vscode.languages.registerHoverProvider(
      [{ scheme: 'file' }, { scheme: noteScheme }],
      createHoverProvider(services),
    ),
  );
  all.add(vscode.workspace.onDidChangeConfiguration((event) => applySettings(event, workbench)));
  all.add(vscode.workspace.onDidGrantWorkspaceTrust(() => void look(workbench)));
  all.add(
    vscode.workspace.onDidChangeWorkspaceFolders(
      () => void attach(workbench).catch((error: unknown) => notices.error(error)),
    ),
  );
  warnOfDevice(notices);
  void look(workbench);
  return {
    lastPosts,
    notices: notices.shown,
    answerNext: notices.answerNext,
    async rows(view) {
      const items = await (view === 'runs' ? workbench.runsView : workbench.modelsView).list();
      return items.map((item) => item.summary());
    },
    lookupProcessId: lookup.processId,
    activationMs: milliseconds(process.cpuUsage(startedAt)),
  };
}

function milliseconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}

/** Loads the corpora and picks up jobs that outlived the last window. */
async function look(workbench: Workbench): Promise<void> {
  const { corpora, notices } = workbench;
  try {
    await corpora.load();
    if (corpora.all().length > 0) await attach(workbench);
  } catch (error) {
    void notices.error(error);
  }
}

async function attach({ corpora, jobs }: Workbench): Promise<void> {
  await jobs.attach(await corpora.runFolders());
}

/** Warns about a device setting that cannot be used, once per name. */
function warnOfDevice(notices: Notices): void {
  const sentence = unofferedDevice();
  if (sentence !== null && !notices.shown().includes(sentence)) void notices.warn(sentence);
}

function applySettings(event: vscode.ConfigurationChangeEvent, workbench: Workbench): void {
  if (engineSettings.some((key) => event.affectsConfiguration(key))) workbench.lookup.renew();
  if (event.affectsConfiguration(settingKeys.device)) warnOfDevice(workbench.notices);
  if (event.affectsConfiguration(settingKeys.storageFolder)) void look(workbench);
  if (event.affectsConfiguration(settingKeys.hideNoteText)) workbench.noteDocuments.refresh();
  if (event.affectsConfiguration(settingKeys.similarNotesCount)) workbench.similarNotes.refresh();
}
