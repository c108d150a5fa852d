/** The status bar item: the active corpus and its running jobs. */
import * as vscode from 'vscode';
import { plural } from '../../core/base/wording.js';
import type { Disposable } from '../disposable.js';
import { commandIds, settingKeys } from '../contributions.js';
import type { Corpora, Corpus } from '../corpora/corpora.js';
import { disposableList } from '../disposable.js';
import type { Job, Jobs } from '../runs/jobs.js';
import { readSettings } from '../settings.js';
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
  all.add(
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(settingKeys.hideNoteText)) update();
    }),
  );
  update();
  return all;

  function update(): void {
    const corpus = corpora.active();
    const running = jobs.running();
    const name = corpus?.name ?? 'Notespace';
    const [model, several] = answering(corpus);
    item.text =
      running.length === 0
        ? `$(notebook) ${name}${several ? ` · ${model}` : ''}`
        : `$(pulse) ${name}: ${sum(running)}`;
    const { hideNoteText } = readSettings();
    if (hideNoteText) item.text += ' $(eye-closed) text hidden';
    item.tooltip = [
      corpus === null ? 'No corpus yet' : `Notespace corpus ${name}`,
      ...(model === null ? [] : [`Answered by ${model}`]),
      ...(hideNoteText ? ['Note text is hidden; open files are not'] : []),
      ...running.map(({ state }) => progressText(state)),
    ].join('\n');
    item.accessibilityInformation = { label: `Notespace, ${item.tooltip.replaceAll('\n', ', ')}` };
    if (corpus === null && running.length === 0) item.hide();
    else item.show();
  }
}

/** The model whose index answers, if one does, and whether there are others. */
function answering(corpus: Corpus | null): readonly [string | null, boolean] {
  const ready = corpus?.indexes.filter(({ isReady }) => isReady) ?? [];
  const active = ready.find(({ store }) => store === corpus?.store);
  return [active?.title ?? null, active !== undefined && ready.length > 1];
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
