/** The questions of *Pre-train…*, one list each. */
import * as vscode from 'vscode';
import { objectiveEntries } from '../../protocol/catalogue/training.js';
import type { Corpus } from '../corpora/corpora.js';
import { listModels, modelText } from '../runs/models.js';
import type { KnownModel } from '../runs/models.js';
import type { Services } from '../services.js';
import { askStep, separator } from './stepPick.js';
import type { StepItem } from './stepPick.js';
import { back } from './steps.js';
import type { Step } from './steps.js';
import { outcome } from './choices.js';
import { given } from './given.js';
import type { PretrainStep } from './pretrainAnswers.js';
import { objectiveItems, objectiveProblem } from './objectives.js';

export function corpusStep<Answers extends { readonly corpus: Corpus | null }>({
  corpora,
}: Services): Step<Answers> {
  return async (answers, place) => {
    const active = answers.corpus ?? corpora.active();
    const corpus = await askStep({
      place,
      placeholder: 'Which notes?',
      items: corpora.all().map((value) => ({
        label: value.name,
        description: value.token === corpora.active()?.token ? 'active' : '',
        detail: value.spec.source,
        value,
      })),
      isActive: (value) => value.token === active?.token,
    });
    return corpus === back ? back : { ...answers, corpus };
  };
}

export function objectiveStep({ lookup, notices }: Services): PretrainStep {
  return async (answers, place) => {
    const corpus = given(answers.corpus);
    const reading = new vscode.CancellationTokenSource();
    const summary = lookup.request('corpus/inspect', { corpus: corpus.spec }, reading.token);
    summary.catch(() => undefined); // the question can be answered without it
    try {
      const objective = await askStep({
        place,
        placeholder: 'What should the model learn?',
        items: objectiveItems(null),
        isActive: (value) => value === answers.objective,
        later: summary.then(({ categories }) => objectiveItems(categories)),
        async refuse(value) {
          if (objectiveEntries[value].needs.length === 0) return null;
          const problem = objectiveProblem(value, await summary, corpus);
          if (problem !== null) void notices.info(problem);
          return problem;
        },
      });
      return objective === back ? back : { ...answers, objective };
    } finally {
      reading.cancel();
      reading.dispose();
    }
  };
}

export function baseStep({ corpora, places, notices }: Services): PretrainStep {
  return async (answers, place) => {
    const models = await listModels(corpora, places);
    for (;;) {
      const chosen = await askStep<KnownModel | 'folder'>({
        place,
        placeholder: 'Which model does it start from?',
        items: baseItems(models),
        isActive: (value) => value !== 'folder' && value.folder === answers.base,
        refuse(value) {
          const problem = value === 'folder' ? null : value.problem;
          if (problem !== null) void notices.info(problem);
          return Promise.resolve(problem);
        },
      });
      if (chosen === back) return back;
      if (chosen !== 'folder') return { ...answers, base: chosen.folder };
      const folder = await askFolder('Model Folder');
      if (folder !== null) return { ...answers, base: folder };
    }
  };
}

function baseItems(models: readonly KnownModel[]): StepItem<KnownModel | 'folder'>[] {
  const ofKind = (kind: KnownModel['kind'], title: string): StepItem<KnownModel>[] => {
    const items = models.filter((model) => model.kind === kind).map(baseItem);
    return items.length === 0 ? [] : [separator(title), ...items];
  };
  return [
    ...ofKind('bundled', 'bundled'),
    ...ofKind('run', 'made by runs'),
    ...ofKind('imported', 'imported'),
    separator('elsewhere'),
    { label: '$(folder) A model folder…', detail: 'As Hugging Face writes them', value: 'folder' },
  ];
}

function baseItem(model: KnownModel): StepItem<KnownModel> {
  const { name, run, description, problem } = model;
  return {
    label: problem === null ? name : `$(warning) ${name}`,
    description: run === null ? '' : outcome(run),
    detail:
      problem ?? (description === null ? '' : `${modelText(description)}. ${description.fit}.`),
    value: model,
  };
}

/** `null`: the user backed out. */
export async function askFolder(title: string): Promise<string | null> {
  const picked = await vscode.window.showOpenDialog({
    title,
    canSelectFiles: false,
    canSelectFolders: true,
  });
  return picked?.[0]?.fsPath ?? null;
}
