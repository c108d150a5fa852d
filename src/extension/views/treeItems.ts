/** Rows of the Runs and Models views. Commands receive the row and recognise it by its class. */
import * as vscode from 'vscode';
import { isAlive } from '../../engine/runFolder.js';
import type { JobKind, RunStatus } from '../../protocol/run.js';
import { commandIds } from '../contributions.js';
import { modelText, modelTooltip } from '../runs/models.js';
import type { KnownModel } from '../runs/models.js';
import { canResume } from '../../engine/runs.js';
import type { Run } from '../../engine/runs.js';
import { runTitle } from '../../engine/runTitle.js';
import { runText } from '../../engine/runText.js';

export class RunItem extends vscode.TreeItem {
  run: Run;

  constructor(run: Run, corpus: string, base: string | null) {
    super(runTitle(run));
    this.run = run;
    this.id = run.folder;
    const shown = shownBy(run.spec.kind);
    if (shown !== null) this.command = { ...shown, arguments: [{ run: run.folder }] };
    this.show(run, corpus, base);
  }

  /** Name, description and context value in one line. */
  summary(): string {
    return [this.run.name, runText(this.run), this.contextValue].join(' | ');
  }

  /** Updates the same row object, so that selection and focus are kept. */
  show(run: Run, corpus: string, base: string | null): void {
    this.run = run;
    const title = runTitle(run);
    this.label = title;
    const { status, error, notes, startedAt } = run.state;
    this.description = runText(run);
    this.iconPath = iconOf(status);
    this.tooltip = [
      title,
      `Run: ${run.name}`,
      runText(run),
      `Corpus: ${corpus}`,
      ...(base === null ? [] : [`Started from: ${base}`]),
      `Started: ${new Date(startedAt).toLocaleString()}`,
      ...(error === null ? [] : [error.message]),
      ...notes,
    ].join('\n');
    this.accessibilityInformation = { label: `${title}, ${runText(run)}` };
    this.contextValue = [
      'run',
      run.spec.kind,
      isAlive(run.state) ? 'running' : 'over',
      ...(canResume(run) ? ['resumable'] : []),
      ...(run.model === null ? [] : ['model']),
    ].join(' ');
  }
}

/** Runs other than pre-training: indexing, maps, evaluations, analyses, imports. */
export class OtherRunsItem extends vscode.TreeItem {
  constructor() {
    super('Other jobs', vscode.TreeItemCollapsibleState.Collapsed);
    this.id = 'other';
    this.iconPath = new vscode.ThemeIcon('history');
    this.contextValue = 'group';
  }
}

export class ModelItem extends vscode.TreeItem {
  constructor(
    readonly model: KnownModel,
    usedBy: readonly string[],
  ) {
    super(model.name);
    this.id = model.folder;
    const facts = model.description === null ? 'cannot be used' : modelText(model.description);
    this.description = usedBy.length === 0 ? facts : `${facts}, in use`;
    this.tooltip = modelTooltip(model, usedBy);
    this.iconPath =
      model.problem === null
        ? new vscode.ThemeIcon(icons[model.kind])
        : new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
    this.contextValue = [
      ...(model.problem === null ? ['model'] : []),
      ...(model.hasCard ? ['card'] : []),
      model.kind,
    ].join(' ');
  }

  /** Name, description and context value in one line. */
  summary(): string {
    return [this.model.name, this.description, this.contextValue].join(' | ');
  }
}

/** What a click on a run opens; `null`: nothing. */
function shownBy(kind: JobKind): { readonly command: string; readonly title: string } | null {
  switch (kind) {
    case 'pretrain':
      return { command: commandIds.showTraining, title: 'Show Training' };
    case 'evaluate':
      return { command: commandIds.showEvaluation, title: 'Show Evaluation' };
    case 'analyze':
      return { command: commandIds.showAnalysis, title: 'Show Analysis' };
    case 'study':
      return { command: commandIds.showStudy, title: 'Show Study' };
    case 'index':
    case 'project':
    case 'import':
      return null;
  }
}

const icons = { bundled: 'package', run: 'mortar-board', imported: 'repo-clone' } as const;

function iconOf(status: RunStatus): vscode.ThemeIcon {
  switch (status) {
    case 'starting':
    case 'finishing':
    case 'cancelling':
      return new vscode.ThemeIcon('loading~spin');
    case 'running':
      // Not animated: without a GPU, animation slows training down.
      return new vscode.ThemeIcon('pulse', new vscode.ThemeColor('charts.blue'));
    case 'paused':
      return new vscode.ThemeIcon('debug-pause');
    case 'done':
      return new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'));
    case 'cancelled':
      return new vscode.ThemeIcon('circle-slash');
    case 'failed':
      return new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed'));
  }
}
