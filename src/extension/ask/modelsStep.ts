/** Which models are compared. */
import { dirname, join } from 'node:path';
import { usageError } from '../../core/base/errors.js';
import { installedModel } from '../../engine/bundledModel.js';
import { listPretrainings } from '../../engine/runs.js';
import type { Pretraining } from '../../engine/runs.js';
import { runFileNames } from '../../protocol/run.js';
import type { Corpus } from '../corpora/corpora.js';
import { listModels, modelText } from '../runs/models.js';
import type { KnownModel } from '../runs/models.js';
import type { Services } from '../services.js';
import { outcome } from './choices.js';
import { given } from './given.js';
import { corpusStep } from './pretrainSteps.js';
import { askSeveralStep } from './severalStep.js';
import { separator } from './stepPick.js';
import type { StepItem } from './stepPick.js';
import { back } from './steps.js';
import type { Step } from './steps.js';

export interface ModelsAnswers {
  readonly corpus: Corpus | null;
  /** Folders; at first those that are ticked. */
  readonly models: readonly string[];
  /** Of the newest run among the models, so that the same notes are held out; 0 without one. */
  readonly seed: number;
}

export interface ModelsQuestion<Answers> {
  readonly placeholder: string;
  readonly needsMlmHead: (answers: Answers) => boolean;
}

/** Of another corpus, other models are ticked at first. */
export function corpusAndModelsStep<Answers extends ModelsAnswers>(
  services: Services,
): Step<Answers> {
  const ask = corpusStep<Answers>(services);
  return async (answers, place) => {
    const next = await ask(answers, place);
    if (next === back || next.corpus?.token === answers.corpus?.token) return next;
    return { ...next, ...(await tickedModels(services, given(next.corpus), undefined)) };
  };
}

/** The newest run of the corpus and the model that it started from are ticked at first. */
export function modelsStep<Answers extends ModelsAnswers>(
  { corpora, places }: Services,
  { placeholder, needsMlmHead }: ModelsQuestion<Answers>,
): Step<Answers> {
  return async (answers, place) => {
    const needsHead = needsMlmHead(answers);
    // A base without a head stands in the list with the one that the run gave it.
    const headed = answers.models.map(headedBase);
    const models = (await listModels(corpora, places)).filter(
      ({ problem, description }) =>
        problem === null && (!needsHead || description?.hasMlmHead === true),
    );
    const chosen = await askSeveralStep({
      place,
      placeholder,
      items: modelItems(models),
      isPicked: ({ folder }) =>
        answers.models.includes(folder) || (needsHead && headed.includes(folder)),
      refuse: (values) => (values.length === 0 ? 'Choose at least one model' : null),
    });
    if (chosen === back) return back;
    const ordered = inOrder(chosen);
    const seed = ordered.findLast(({ run }) => run !== null)?.run?.spec.seed ?? 0;
    return { ...answers, models: ordered.map(({ folder }) => folder), seed };
  };
}

function modelItems(models: readonly KnownModel[]): StepItem<KnownModel>[] {
  const ofKind = (kind: KnownModel['kind'], title: string): StepItem<KnownModel>[] => {
    const items = models
      .filter((model) => model.kind === kind)
      .map((model) => ({
        label: model.name,
        description: model.run === null ? '' : outcome(model.run),
        detail: model.description === null ? '' : modelText(model.description),
        value: model,
      }));
    return items.length === 0 ? [] : [separator<KnownModel>(title), ...items];
  };
  return [
    ...ofKind('bundled', 'bundled'),
    ...ofKind('imported', 'imported'),
    ...ofKind('run', 'made by runs'),
  ];
}

/** The others are compared with the first: models that runs made come last, oldest first. */
function inOrder(models: readonly KnownModel[]): readonly KnownModel[] {
  const age = ({ run }: KnownModel): number => run?.state.startedAt ?? 0;
  return models.toSorted((a, b) => age(a) - age(b));
}

/** Where a run keeps its base with the head that it gave it, if it had none. */
export function headedBase(model: string): string {
  return join(dirname(model), runFileNames.baseWithHead);
}

/** A run's model and the one that it started from. */
export async function tickedModels(
  { places }: Services,
  corpus: Corpus,
  name: string | undefined,
): Promise<Pick<ModelsAnswers, 'models' | 'seed'>> {
  const run = await trainedOn(corpus, name);
  if (run === null) return { models: [places.bundledModel], seed: 0 };
  const base = await installedModel(run.spec.base, places.bundledModel);
  return { models: [base, run.model ?? run.folder], seed: run.spec.seed };
}

/** The run that was named, or the newest with a model; `null`: nothing has been trained yet. */
async function trainedOn(corpus: Corpus, name: string | undefined): Promise<Pretraining | null> {
  const done = (await listPretrainings(corpus.runs)).filter(({ model }) => model !== null);
  if (name === undefined) return done[0] ?? null;
  const found = done.find((run) => run.folder === name || run.name === name);
  if (found === undefined) throw usageError('There is no such run with a model.');
  return found;
}
