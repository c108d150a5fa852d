/** The parameters that each stage starts from, from what earlier stages trained. */
import { failure } from '../base/errors.js';
import { elementsOf, stateRegions, stateSections } from '../backend/state.js';
import { initialMlmHead } from '../encoder/initialHead.js';
import { mergeLora } from '../encoder/mergeLora.js';
import { unigramLogFrequencies } from '../tokens/unigrams.js';
import { restoreStep } from './checkpoint.js';
import type { FinishedStage, TrainingProgress } from './checkpoint.js';
import { mergeModels } from './merge.js';
import { predictsTokens, warmUpName } from './stages.js';
import { withAdditions } from './trainedParameters.js';
import type { LaidOutRun, LaidOutStage } from './trainingRun.js';

export type Parameters = ReadonlyMap<string, Float32Array>;

/** What each finished stage trained, as far as it is in memory. */
export type Outcomes = Map<string, Parameters>;

/**
 * @param progress its stages are those before `stage`
 * @returns the parameters that training the stage starts from
 */
export async function startOf(
  run: LaidOutRun,
  { stage }: LaidOutStage,
  progress: TrainingProgress,
  outcomes: Outcomes,
): Promise<Parameters> {
  if (stage.ratio !== null) return mergedStart(run, stage.ratio, progress, outcomes);
  return overlaid(run, baseOf(run, stage.name), progress.finished, outcomes);
}

/** The trained model: low-rank factors are merged, parameters of objectives are there. */
export async function trainedModel(
  run: LaidOutRun,
  { finished }: TrainingProgress,
  outcomes: Outcomes,
): Promise<Parameters> {
  const { config, training, seed } = run.options;
  const own = finished.filter(({ name }) => !isMerge(run, name));
  const trained = await overlaid(run, baseOf(run, null), own, outcomes);
  // Factors of frozen layers were never trained.
  const parameters = withAdditions(trained, config, run.main.specs, seed);
  return training.lora === null ? parameters : mergeLora(config, parameters, training.lora);
}

/** A merged model: with the head that was trained over it, once its stage has ended. */
export async function mergedModel(
  run: LaidOutRun,
  { stage }: LaidOutStage,
  progress: TrainingProgress,
  outcomes: Outcomes,
): Promise<Parameters> {
  const start = await mergedStart(run, stage.ratio ?? 1, progress, outcomes);
  const { name } = stage;
  const checkpoint = progress.finished.find((each) => each.name === name)?.checkpoint ?? null;
  return overlaid(run, start, [{ name, checkpoint }], outcomes);
}

async function mergedStart(
  run: LaidOutRun,
  ratio: number,
  progress: TrainingProgress,
  outcomes: Outcomes,
): Promise<Map<string, Float32Array>> {
  const warmUp = progress.finished.filter(({ name }) => name === warmUpName);
  const start = await overlaid(run, baseOf(run, null), warmUp, outcomes);
  const trained = await trainedModel(run, progress, outcomes);
  return mergeModels(run.options.config, start, trained, ratio);
}

/** A plain model, as it is written: without the objective's own parameters. */
export function plainModel(
  { main }: LaidOutRun,
  parameters: Parameters,
): Map<string, Float32Array> {
  const dropped = new Set(
    main.specs.filter(({ part }) => part === 'objective').map(({ name }) => name),
  );
  return new Map([...parameters].filter(([name]) => !dropped.has(name)));
}

/** Whether a later stage has to read what the finished stage trained. */
export function isStillNeeded(
  { stages, options }: LaidOutRun,
  name: string,
  current: string,
): boolean {
  const place = (of: string): number => stages.findIndex(({ stage }) => stage.name === of);
  const finished = stages[place(name)];
  if (finished === undefined) return false;
  if (finished.stage.ratio !== null) return true;
  if (name === warmUpName && options.training.mergeWithBase !== null) return true;
  const later = stages
    .slice(place(name) + 1, place(current) + 1)
    .filter(({ stage }) => stage.ratio === null);
  return finished.specs
    .filter(finished.isTrained)
    .some((spec) => !later.some(({ isTrained }) => isTrained(spec)));
}

function isMerge({ stages }: LaidOutRun, name: string): boolean {
  return stages.some(({ stage }) => stage.name === name && stage.ratio !== null);
}

/**
 * The given parameters, with a head if one is used and none was given.
 *
 * @param stage what starts from it: only a warm-up reads the new head's first values
 */
function baseOf(run: LaidOutRun, stage: string | null): Map<string, Float32Array> {
  const { options, dataset } = run;
  const { config, tokenizer, newHead, parameters } = options;
  if (newHead !== true || !predictsTokens(options)) return new Map(parameters);
  const windows = stage === warmUpName ? dataset.documents.map(({ ids }) => ids) : [];
  const frequencies = unigramLogFrequencies(windows, config.vocabularySize, {
    specialIds: tokenizer.specialIds,
  });
  return new Map([...parameters, ...initialMlmHead(config, frequencies)]);
}

async function overlaid(
  run: LaidOutRun,
  parameters: Parameters,
  finished: readonly Pick<FinishedStage, 'name' | 'checkpoint'>[],
  outcomes: Outcomes,
): Promise<Map<string, Float32Array>> {
  const all = new Map(parameters);
  for (const { name, checkpoint } of finished) {
    const known = outcomes.get(name);
    // Later stages have trained all that this one did.
    if (known === undefined && checkpoint === null) continue;
    const outcome = known ?? (await readOutcome(run, name, checkpoint ?? 0));
    outcomes.set(name, outcome);
    for (const [parameter, values] of outcome) all.set(parameter, values);
  }
  return all;
}

async function readOutcome(run: LaidOutRun, name: string, step: number): Promise<Parameters> {
  const { options, identity, stages } = run;
  const { specs, isTrained } = stages.find(({ stage }) => stage.name === name)!;
  const regions = stateRegions(specs.filter(isTrained)).map(({ length, members }) => ({
    members,
    values: new Float32Array(length),
    moment1: new Float32Array(length),
    moment2: new Float32Array(length),
  }));
  const { checkpointFolder } = options;
  if (
    !(await restoreStep(
      checkpointFolder,
      step,
      identity,
      stateSections(regions.map((region) => [region])),
    ))
  ) {
    throw failure(
      `The checkpoint of step ${step} in ${checkpointFolder}, which the run needs to go on, is missing or broken: start a new run.`,
    );
  }
  return new Map(
    regions.flatMap(({ members, values }) =>
      members.map(({ spec, offset }) => [
        spec.name,
        values.slice(offset, offset + elementsOf(spec)),
      ]),
    ),
  );
}
