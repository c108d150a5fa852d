import * as vscode from 'vscode';
import { commandIds } from '../contributions.js';
import { readSettings } from '../settings.js';
import type { Workbench } from '../workbench.js';
import { choose } from '../ask/choices.js';

/** The actions offered when the status bar item is clicked. */
export async function showActions({ corpora, jobs }: Workbench): Promise<void> {
  const isTraining = jobs.running().some(({ spec }) => spec.kind === 'pretrain');
  const offers: [boolean, string, string][] = [
    [jobs.running().length > 0, '$(stop-circle) Cancel Job…', commandIds.cancelJob],
    [isTraining, '$(graph-line) Show Training', commandIds.showTraining],
    [corpora.all().length > 1, '$(list-selection) Choose Corpus…', commandIds.chooseCorpus],
    [
      (corpora.active()?.indexes.length ?? 0) > 1,
      '$(arrow-swap) Switch Index…',
      commandIds.switchIndex,
    ],
    [true, '$(search) Find Similar Notes', commandIds.findSimilarNotes],
    [true, '$(search-fuzzy) Find Notes by Text…', commandIds.findNotesByText],
    [true, '$(go-to-file) Open Note…', commandIds.openNote],
    [true, '$(graph-scatter) Show Clusters', commandIds.showClusters],
    [true, '$(database) Index Notes', commandIds.indexNotes],
    [true, '$(mortar-board) Pre-train…', commandIds.pretrain],
    [true, '$(checklist) Evaluate…', commandIds.evaluate],
    [true, '$(type-hierarchy) Analyse Embedding Space…', commandIds.analyse],
    [true, '$(beaker) Run a Study…', commandIds.study],
    [true, '$(add) Add Corpus…', commandIds.addCorpus],
    readSettings().hideNoteText
      ? [true, '$(eye) Show Note Text', commandIds.showNoteText]
      : [true, '$(eye-closed) Hide Note Text', commandIds.hideNoteText],
  ];
  const command = await choose(
    'Notespace',
    offers.filter(([isOffered]) => isOffered).map(([, label, value]) => ({ label, value })),
  );
  await vscode.commands.executeCommand(command);
}
