/** The questions of *Pre-train…*, one list each. */
import * as vscode from 'vscode';
import { Cancelled } from '../../core/base/errors.js';
import { exists } from '../../core/base/files.js';
import { count } from '../../core/base/wording.js';
import type { ObjectiveName } from '../../protocol/catalogue/objectives.js';
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
import { configurationPath } from '../commands/trainingConfiguration.js';
import { objectiveItems, objectiveProblem } from './objectives.js';

export interface Preset {
  readonly maxSteps: number;
  /** Often enough to draw the held-out loss as a curve. */
  readonly config: { readonly evalSteps: number };
}

export const presets = {
  quick: { maxSteps: 100, config: { evalSteps: 25 } },
  overnight: { maxSteps: 6_000, config: { evalSteps: 250 } },
} as const satisfies Record<string, Preset>;

/** `saved`: use the saved configuration of this objective; `edit`: open it first. */
export type Length = keyof typeof presets | 'saved' | 'edit';

/** Filled in question by question. */
export interface PretrainAnswers {
  readonly corpus: Corpus | null;
  readonly objective: ObjectiveName | null;
  /** Absolute path of the model's folder. */
  readonly base: string | null;
  readonly length: Length | null;
}

export type PretrainStep = Step<PretrainAnswers>;

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

export function lengthStep(): PretrainStep {
  return async (answers, place) => {
    const path = configurationPath(given(answers.corpus).home, given(answers.objective));
    const length = await askStep<Length>({
      place,
      placeholder: 'How long, and how?',
      items: lengthItems(await exists(path)),
      isActive: (value) => value === answers.length,
    });
    return length === back ? back : { ...answers, length };
  };
}

function lengthItems(hasConfiguration: boolean): StepItem<Length>[] {
  const steps = ({ maxSteps }: Preset): string => `${count(maxSteps)} steps`;
  const saved: StepItem<Length>[] = [
    {
      label: 'Your configuration',
      detail: 'As you wrote it for this objective',
      value: 'saved',
    },
  ];
  return [
    {
      label: 'A quick look',
      description: steps(presets.quick),
      detail: 'A few minutes with the bundled model: shows whether the loss falls',
      value: 'quick',
    },
    {
      label: 'Overnight',
      description: steps(presets.overnight),
      detail: 'Hours; it can be paused, cancelled and resumed at any time',
      value: 'overnight',
    },
    ...(hasConfiguration ? saved : []),
    {
      label: 'Custom…',
      detail: 'Opens the settings as JSON, with completion; you start from there',
      value: 'edit',
    },
  ];
}

/** Asserts that an earlier question has been answered. */
export function given<T>(answer: T | null): T {
  if (answer === null) throw new Cancelled();
  return answer;
}
