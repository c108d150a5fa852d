/** Every command: what it does with its arguments. The compiler misses none of the ids. */
import * as vscode from 'vscode';
import { commandIds } from '../contributions.js';
import type { CommandName } from '../contributions.js';
import { setHideNoteText } from '../settings.js';
import type { Workbench } from '../workbench.js';
import { addCorpus } from './addCorpus.js';
import { argumentSchemas as schemas, parseArguments } from './arguments.js';
import { chooseCorpus, corpusFor } from './choices.js';
import { evaluate } from './evaluate.js';
import { findSimilarNotes } from './findSimilarNotes.js';
import { indexNotes } from './indexNotes.js';
import { openNote } from './openNote.js';
import { pretrain, resumePretraining } from './pretrain.js';
import { cancelJob, showTraining } from './runs.js';
import { showActions } from './showActions.js';
import { showClusters } from './showClusters.js';

type Handler = (workbench: Workbench, value: unknown) => Promise<unknown>;

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
  async indexNotes(workbench, value) {
    const given = parseArguments(schemas.indexNotes, value);
    return indexNotes(workbench, await corpusFor(workbench, given?.corpus), given?.model);
  },
  pretrain: (workbench, value) => pretrain(workbench, parseArguments(schemas.pretrain, value)),
  resumePretraining: (workbench, value) =>
    resumePretraining(workbench, parseArguments(schemas.run, value)),
  evaluate: (workbench, value) => evaluate(workbench, parseArguments(schemas.evaluate, value)),
  cancelJob: (workbench, value) => cancelJob(workbench, parseArguments(schemas.run, value)),
  async showClusters(workbench, value) {
    const given = parseArguments(schemas.corpus, value);
    return showClusters(workbench, await corpusFor(workbench, given?.corpus));
  },
  showTraining: (workbench, value) => showTraining(workbench, parseArguments(schemas.run, value)),
  showActions,
  findSimilarNotes: (workbench, value) =>
    findSimilarNotes(workbench, parseArguments(schemas.findSimilarNotes, value)),
  openNote: (workbench, value) => openNote(workbench, parseArguments(schemas.openNote, value)),
  hideNoteText: () => setHideNoteText(true),
  showNoteText: () => setHideNoteText(false),
};

export function registerCommands(workbench: Workbench): vscode.Disposable {
  const names = Object.keys(handlers) as CommandName[];
  return vscode.Disposable.from(
    ...names.map((name) =>
      vscode.commands.registerCommand(commandIds[name], async (value: unknown) => {
        try {
          return await handlers[name](workbench, value);
        } catch (error) {
          // Told here, in our words; thrown on, the editor would show its own below it.
          void workbench.notices.error(error);
          return undefined;
        }
      }),
    ),
  );
}
