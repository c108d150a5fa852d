/** Every command and its handler; the compiler checks that no id is missing. */
import * as vscode from 'vscode';
import { commandIds } from '../contributions.js';
import type { CommandName } from '../contributions.js';
import type { Corpus } from '../corpora/corpora.js';
import { setHideNoteText } from '../settings.js';
import { restrictedSentence } from '../trust.js';
import type { Workbench } from '../workbench.js';
import { addCorpus } from './addCorpus.js';
import { analyse, resumeAnalysis, showAnalysis } from './analyse.js';
import { argumentSchemas as schemas, parseArguments } from './arguments.js';
import { chooseCorpus, corpusFor } from '../ask/choices.js';
import { editCorpus, removeCorpus, renameCorpus } from './corpora.js';
import { evaluate, resumeEvaluation, showEvaluation } from './evaluate.js';
import { findNotesByText, findSimilarNotes } from './findSimilarNotes.js';
import { hideNoteText } from './hideNoteText.js';
import { importModel } from './importModel.js';
import { indexNotes } from './indexNotes.js';
import { indexWithModel, openModelCard, removeModel } from './models.js';
import { openNote } from './openNote.js';
import {
  pretrain,
  pretrainFromModel,
  pretrainWithConfiguration,
  finishPretraining,
  resumePretraining,
} from './pretrain.js';
import { modelOf, runOf, runsOf } from './rows.js';
import {
  cancelJob,
  compareRuns,
  copyModelPath,
  deleteRuns,
  renameRun,
  openRunConfiguration,
  showTraining,
} from './runs.js';
import { switchIndex } from './switchIndex.js';
import { showActions } from './showActions.js';
import { showClusters } from './showClusters.js';
import { resumeStudy, showStudy, study } from './study.js';

/** A view passes the clicked row and all selected rows. */
type Handler = (workbench: Workbench, value: unknown, selected: unknown) => unknown;

const handlers: Readonly<Record<CommandName, Handler>> = {
  addCorpus: (workbench, value) => addCorpus(workbench, parseArguments(schemas.addCorpus, value)),
  async chooseCorpus(workbench, value) {
    const given = parseArguments(schemas.corpus, value);
    const corpus =
      given === null
        ? await chooseCorpus(workbench, 'Choose Corpus')
        : await corpusFor(workbench, given.corpus);
    await workbench.corpora.activate(corpus);
  },
  async editCorpus(workbench, value) {
    const given = parseArguments(schemas.corpus, value);
    await editCorpus(workbench, await corpusToChange(workbench, 'Edit Corpus', given?.corpus));
  },
  async renameCorpus(workbench, value) {
    const given = parseArguments(schemas.corpus, value);
    await renameCorpus(workbench, await corpusToChange(workbench, 'Rename Corpus', given?.corpus));
  },
  async removeCorpus(workbench, value) {
    const given = parseArguments(schemas.corpus, value);
    await removeCorpus(workbench, await corpusToChange(workbench, 'Remove Corpus', given?.corpus));
  },
  async indexNotes(workbench, value) {
    const given = parseArguments(schemas.indexNotes, value);
    return indexNotes(workbench, await corpusFor(workbench, given?.corpus), given?.model);
  },
  pretrain: (workbench, value) => pretrain(workbench, parseArguments(schemas.pretrain, value)),
  async pretrainFromModel(workbench, value) {
    const given = parseArguments(schemas.model, modelOf(value));
    return given === null ? pretrain(workbench, null) : pretrainFromModel(workbench, given.model);
  },
  pretrainWithConfiguration,
  finishPretraining: (workbench, value) =>
    finishPretraining(workbench, parseArguments(schemas.run, runOf(value))),
  resumePretraining: (workbench, value) =>
    resumePretraining(workbench, parseArguments(schemas.run, runOf(value))),
  evaluate: (workbench, value) => evaluate(workbench, parseArguments(schemas.evaluate, value)),
  showEvaluation: (workbench, value) =>
    showEvaluation(workbench, parseArguments(schemas.run, runOf(value))),
  resumeEvaluation: (workbench, value) =>
    resumeEvaluation(workbench, parseArguments(schemas.run, runOf(value))),
  analyse: (workbench, value) => analyse(workbench, parseArguments(schemas.analyse, value)),
  showAnalysis: (workbench, value) =>
    showAnalysis(workbench, parseArguments(schemas.run, runOf(value))),
  resumeAnalysis: (workbench, value) =>
    resumeAnalysis(workbench, parseArguments(schemas.run, runOf(value))),
  study: (workbench, value) => study(workbench, parseArguments(schemas.study, value)),
  showStudy: (workbench, value) => showStudy(workbench, parseArguments(schemas.run, runOf(value))),
  resumeStudy: (workbench, value) =>
    resumeStudy(workbench, parseArguments(schemas.run, runOf(value))),
  cancelJob: (workbench, value) => cancelJob(workbench, parseArguments(schemas.run, runOf(value))),
  async showClusters(workbench, value) {
    const given = parseArguments(schemas.corpus, value);
    return showClusters(workbench, await corpusFor(workbench, given?.corpus));
  },
  showTraining: (workbench, value) =>
    showTraining(workbench, parseArguments(schemas.run, runOf(value))),
  compareRuns: (workbench, value, selected) =>
    compareRuns(workbench, parseArguments(schemas.runs, runsOf(value, selected))),
  openRunConfiguration: (workbench, value) =>
    openRunConfiguration(workbench, parseArguments(schemas.run, runOf(value))),
  copyModelPath: (workbench, value) =>
    copyModelPath(workbench, parseArguments(schemas.model, modelOf(value))),
  deleteRun: (workbench, value, selected) =>
    deleteRuns(workbench, parseArguments(schemas.runs, runsOf(value, selected))),
  renameRun: (workbench, value) => renameRun(workbench, parseArguments(schemas.run, runOf(value))),
  refreshRuns: ({ runsView }) => runsView.refresh(),
  importModel: (workbench, value) =>
    importModel(workbench, parseArguments(schemas.importModel, value)),
  indexWithModel: (workbench, value) =>
    indexWithModel(workbench, parseArguments(schemas.model, modelOf(value))),
  async switchIndex(workbench, value) {
    const given = parseArguments(schemas.indexNotes, value);
    return switchIndex(workbench, await corpusFor(workbench, given?.corpus), given?.model);
  },
  openModelCard: (workbench, value) =>
    openModelCard(workbench, parseArguments(schemas.model, modelOf(value))),
  removeModel: (workbench, value) =>
    removeModel(workbench, parseArguments(schemas.model, modelOf(value))),
  refreshModels: ({ modelsView }) => modelsView.refresh(),
  showActions,
  findSimilarNotes: (workbench, value) =>
    findSimilarNotes(workbench, parseArguments(schemas.findSimilarNotes, value)),
  findNotesByText: (workbench, value) =>
    findNotesByText(workbench, parseArguments(schemas.findSimilarNotes, value)),
  openNote: (workbench, value) => openNote(workbench, parseArguments(schemas.openNote, value)),
  hideNoteText: (workbench) => hideNoteText(workbench),
  showNoteText: () => setHideNoteText(false),
};

function corpusToChange(
  workbench: Workbench,
  title: string,
  name: string | undefined,
): Promise<Corpus> {
  return name === undefined ? chooseCorpus(workbench, title) : corpusFor(workbench, name);
}

/** They read no notes and start nothing, so that they work in Restricted Mode. */
const harmless: readonly CommandName[] = [
  'hideNoteText',
  'showNoteText',
  'refreshRuns',
  'refreshModels',
  'showActions',
];

/** Asks for trust, before anything else is asked. */
function askForTrust({ notices }: Workbench): void {
  const manage = 'Manage Workspace Trust';
  void notices.info(restrictedSentence, manage).then((chosen) => {
    if (chosen === manage) void vscode.commands.executeCommand('workbench.trust.manage');
  });
}

export function registerCommands(workbench: Workbench): vscode.Disposable {
  const names = Object.keys(handlers) as CommandName[];
  return vscode.Disposable.from(
    ...names.map((name) =>
      vscode.commands.registerCommand(
        commandIds[name],
        async (value: unknown, selected: unknown) => {
          if (!vscode.workspace.isTrusted && !harmless.includes(name)) {
            askForTrust(workbench);
            return undefined;
          }
          workbench.lookup.forgive();
          try {
            return await handlers[name](workbench, value, selected);
          } catch (error) {
            // Reported here in our own words; if rethrown, the editor would show a second message.
            void workbench.notices.error(error);
            return undefined;
          }
        },
      ),
    ),
  );
}
