/** Adapts a model to a corpus: which corpus, from which model, for how long. */
import * as vscode from 'vscode';
import { Cancelled, usageError } from '../../core/base/errors.js';
import type { PretrainJob } from '../../protocol/run.js';
import type { Corpus } from '../corpora.js';
import { showJobProgress } from '../jobProgress.js';
import { canResume, listPretrainings } from '../pretrainings.js';
import type { Services } from '../services.js';
import { count, jobTitle } from '../wording.js';
import type { Workbench } from '../workbench.js';
import { ask, choose, chooseCorpus, corpusFor, modelFolder, outcome } from './choices.js';
import type { Choice } from './choices.js';

const quickLookSteps = 100;
const overnightSteps = 20_000;

export interface PretrainArguments {
  readonly corpus?: string | undefined;
  readonly base?: string | undefined;
  readonly maxSteps?: number | undefined;
  readonly seed?: number | undefined;
  readonly config?: Record<string, unknown> | undefined;
}

export async function pretrain(
  workbench: Workbench,
  given: PretrainArguments | null,
): Promise<{ run: string }> {
  const corpus =
    given === null
      ? await chooseCorpus(workbench, 'Pre-train on')
      : await corpusFor(workbench, given.corpus);
  const base = given === null ? await chooseBase(workbench, corpus) : (given.base ?? 'bundled');
  const maxSteps = given === null ? await chooseLength() : (given.maxSteps ?? quickLookSteps);
  const spec: PretrainJob = {
    kind: 'pretrain',
    corpus: corpus.spec,
    objective: 'mlm',
    base: await modelFolder(workbench, corpus, base),
    // The setting is about embedding; training runs on the processor for now.
    device: 'auto',
    maxSteps,
    seed: given?.seed ?? 0,
    resume: false,
    config: given?.config ?? {},
  };
  const run = await workbench.jobs.start(corpus.runs, spec);
  watch(workbench, run, jobTitle(spec, corpus.name));
  return { run };
}

/** Goes on with a run that was cancelled or died, from its last checkpoint. */
export async function resumePretraining(
  workbench: Workbench,
  given: { readonly run?: string | undefined } | null,
): Promise<{ run: string }> {
  const { corpora, jobs } = workbench;
  await corpora.whenLoaded();
  const folders = await corpora.runFolders();
  const all = (await Promise.all(folders.map(listPretrainings))).flat().filter(canResume);
  const chosen =
    given?.run === undefined
      ? await choose(
          'Resume Pre-training',
          all.map((run) => ({
            label: run.name,
            description: corpora.nameOf(run.spec),
            detail: outcome(run),
            value: run,
          })),
        )
      : all.find(({ folder, name }) => folder === given.run || name === given.run);
  if (chosen === undefined) throw usageError('There is no such run that could be resumed.');
  const spec: PretrainJob = { ...chosen.spec, resume: true };
  await jobs.restart(chosen.folder, spec);
  watch(workbench, chosen.folder, jobTitle(spec, corpora.nameOf(spec)));
  return { run: chosen.folder };
}

function watch({ jobs, training }: Workbench, run: string, title: string): void {
  showJobProgress(jobs, run, title);
  training.show(run);
}

async function chooseBase({ places }: Services, corpus: Corpus): Promise<string> {
  const earlier = (await listPretrainings(corpus.runs)).filter(({ model }) => model !== null);
  const folder = '';
  const choices: Choice<string>[] = [
    {
      label: 'Notespace starter',
      description: 'bundled',
      detail: 'A small model, trained on synthetic and openly licensed notes',
      value: places.bundledModel,
    },
    ...earlier.map((run) => ({
      label: run.name,
      description: outcome(run),
      value: run.model ?? run.folder,
    })),
    { label: '$(folder) A model folder…', detail: 'As Hugging Face writes them', value: folder },
  ];
  const chosen = await choose('Start from', choices);
  if (chosen !== folder) return chosen;
  const picked = await vscode.window.showOpenDialog({
    title: 'Model Folder',
    canSelectFiles: false,
    canSelectFolders: true,
  });
  const [uri] = picked ?? [];
  if (uri === undefined) throw new Cancelled();
  return uri.fsPath;
}

async function chooseLength(): Promise<number> {
  const own = 0;
  const chosen = await choose('How long', [
    {
      label: 'A quick look',
      description: `${quickLookSteps} steps`,
      detail: 'A minute or two with the starter model: shows whether the loss falls',
      value: quickLookSteps,
    },
    {
      label: 'Overnight',
      description: `${count(overnightSteps)} steps`,
      detail: 'Hours; it can be cancelled and resumed at any time',
      value: overnightSteps,
    },
    { label: 'Another number of steps…', value: own },
  ]);
  if (chosen !== own) return chosen;
  const typed = await ask({
    title: 'Number of Steps',
    validateInput: (value) =>
      /^[1-9]\d{0,8}$/.test(value.trim()) ? null : 'A whole number, please.',
  });
  return Number(typed);
}
