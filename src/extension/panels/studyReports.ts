/**
 * Reports of studies, shown as the pages that they are: without scripts, and without access to any file. A page is read
 * again whenever the study has got on.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { isAbsent } from '../../core/base/errors.js';
import { studyFileNames } from '../../protocol/study.js';
import type { RunState } from '../../protocol/run.js';
import { disposableList } from '../disposable.js';
import type { Disposable } from '../disposable.js';
import { followRun } from '../runs/runFollower.js';
import type { Services } from '../services.js';
import { progressText } from '../wording.js';
import { escapeHtml } from './html.js';

export interface StudyReports extends Disposable {
  /** Opens the report of the study in a folder. */
  show(folder: string): void;
}

interface Open {
  readonly panel: vscode.WebviewPanel;
  readonly follower: { current: Disposable };
}

export function createStudyReports({ notices }: Pick<Services, 'notices'>): StudyReports {
  const open = new Map<string, Open>();
  const all = disposableList();

  function show(folder: string): void {
    const known = open.get(folder);
    if (known !== undefined) {
      known.panel.reveal();
      // It may have been resumed since.
      known.follower.current.dispose();
      known.follower.current = follow(folder, known.panel);
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      'notespace.studyReport',
      'Study',
      vscode.ViewColumn.Active,
      { enableScripts: false, enableForms: false, localResourceRoots: [], enableFindWidget: true },
    );
    const follower = { current: follow(folder, panel) };
    open.set(folder, { panel, follower });
    panel.onDidDispose(() => {
      follower.current.dispose();
      open.delete(folder);
    });
  }

  function follow(folder: string, panel: vscode.WebviewPanel): Disposable {
    let shown: string | null = null;
    return followRun(
      folder,
      {
        onState: (state) =>
          void pageOf(folder, state).then(
            (text) => {
              // Drawing it again would lose the place of the reader.
              if (open.get(folder)?.panel !== panel || text === shown) return;
              shown = text;
              panel.webview.html = text;
            },
            (error: unknown) => void notices.error(error),
          ),
        onLost: (error) => void notices.error(error),
      },
      1000,
    );
  }

  all.add({
    dispose() {
      for (const { panel } of [...open.values()]) panel.dispose();
    },
  });
  return { show, dispose: () => all.dispose() };
}

async function pageOf(folder: string, state: RunState): Promise<string> {
  try {
    return await readFile(join(folder, studyFileNames.page), 'utf8');
  } catch (error) {
    if (!isAbsent(error)) throw error;
    // Until it is planned there is no report.
    const { error: failed, notes } = state;
    const said = [progressText(state), ...(failed === null ? [] : [failed.message]), ...notes];
    const policy = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'">`;
    return `<!DOCTYPE html>${policy}${said.map((text) => `<p>${escapeHtml(text)}</p>`).join('')}`;
  }
}
