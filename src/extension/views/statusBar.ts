/** The status bar item: the active corpus and its running jobs. */
import * as vscode from 'vscode';
import { plural } from '../../core/base/wording.js';
import type { Disposable } from '../disposable.js';
import { commandIds } from '../contributions.js';
import type { Corpora } from '../corpora/corpora.js';
import { disposableList } from '../disposable.js';
import type { Job, Jobs } from '../runs/jobs.js';
import { progressShare, progressText } from '../wording.js';

export function createStatusBar(corpora: Corpora, jobs: Jobs): Disposable {
  const all = disposableList();
  const item = all.add(
    vscode.window.createStatusBarItem('notespace.status', vscode.StatusBarAlignment.Left, 50),
  );
  item.name = 'Notespace';
  item.command = commandIds.showActions;
  all.add(corpora.onDidChange(update));
  all.add(jobs.onDidChange(update));
  update();
  return all;

  function update(): void {
    const corpus = corpora.active();
    const running = jobs.running();
    const name = corpus?.name ?? 'Notespace';
    item.text = running.length === 0 ? `$(notebook) ${name}` : `$(pulse) ${name}: ${sum(running)}`;
    item.tooltip = [
      corpus === null ? 'No corpus yet' : `Notespace corpus ${name}`,
      ...running.map(({ state }) => progressText(state)),
    ].join('\n');
    item.accessibilityInformation = { label: `Notespace, ${item.tooltip.replaceAll('\n', ', ')}` };
    if (corpus === null && running.length === 0) item.hide();
    else item.show();
  }
}

function sum(jobs: readonly Job[]): string {
  const [first] = jobs;
  if (first === undefined || jobs.length > 1) return plural(jobs.length, 'job');
  const share = progressShare(first.state);
  const doing = {
    index: 'indexing',
    pretrain: 'training',
    evaluate: 'evaluating',
    analyze: 'analysing',
    study: 'studying',
    project: 'mapping',
    import: 'importing',
  };
  return `${doing[first.spec.kind]}${share === null ? '' : ` ${Math.floor(share * 100)} %`}`;
}
