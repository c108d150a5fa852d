/** A resumed run keeps its original settings; a call with different ones is refused. */
import { realpath } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';

import { usageError } from '../core/base/errors.js';
import { modelHash } from '../core/model/modelFiles.js';
import { lossWeightsOf } from '../core/objectives/lossWeights.js';
import { parseTrainingConfig } from '../core/train/config.js';
import type { TrainingConfig } from '../core/train/config.js';
import { bundledModel } from '../engine/bundledFolder.js';
import { installedModel } from '../engine/bundledModel.js';
import { readJob } from '../engine/runFolder.js';
import type { PretrainJob } from '../protocol/pretraining.js';

/** What a call asks for; `null` means: as the run was started. */
export type AskedJob = Omit<PretrainJob, 'kind' | 'resume' | 'seed' | 'device'> & {
  readonly seed: number | null;
  readonly device: PretrainJob['device'] | null;
};

/** The job for resuming the run in `out`; the caller must write it only after this returns. */
export async function resumedJob(out: string, asked: AskedJob): Promise<PretrainJob> {
  const started = await readJob(out);
  if (started.kind !== 'pretrain') {
    throw usageError(`${out} holds no pre-training to resume: choose another --out.`);
  }
  const changed = [...(await changedSources(started, asked)), ...changedSettings(started, asked)];
  if (changed.length > 0) {
    const list = new Intl.ListFormat('en-GB').format(changed);
    throw usageError(
      `The run in ${out} was started with another ${list}: resume it as it was started, or choose another --out.`,
    );
  }
  return {
    ...started,
    corpus: { ...started.corpus, source: asked.corpus.source },
    base: asked.base,
    device: asked.device ?? started.device,
    resume: true,
    finish: false,
  };
}

/** Notes and model may have been moved; the job compares their content once it has read them. */
async function changedSources(started: PretrainJob, asked: AskedJob): Promise<string[]> {
  const changed: string[] = [];
  if (asked.objective !== started.objective) changed.push('objective');
  if (await isElsewhere(started.corpus.source, asked.corpus.source)) changed.push('corpus');
  for (const [part, field] of Object.entries(asked.corpus.mapping)) {
    const name = part as keyof typeof started.corpus.mapping;
    if (started.corpus.mapping[name] !== field) changed.push(`${name} field`);
  }
  const before: Readonly<Record<string, unknown>> = { ...started.corpus.reading };
  for (const [part, value] of Object.entries<unknown>({ ...asked.corpus.reading })) {
    if (JSON.stringify(before[part]) !== JSON.stringify(value)) changed.push(`reading (${part})`);
  }
  const base = await installedModel(started.base, bundledModel);
  const baseMoved = await isElsewhere(base, asked.base);
  if (baseMoved && (await modelHash(base)) !== (await modelHash(asked.base))) {
    changed.push('base model');
  }
  return changed;
}

/** Whether `before` still exists and `now` is a different file or folder. */
async function isElsewhere(before: string, now: string): Promise<boolean> {
  const place = await realpath(before).catch(() => null);
  return place !== null && place !== (await realpath(now).catch(() => now));
}

function changedSettings(started: PretrainJob, asked: AskedJob): string[] {
  const written = settingsOf(started);
  const complete = (config: unknown): TrainingConfig => {
    const parsed = parseTrainingConfig(config);
    // Weights given explicitly may equal the objective's defaults.
    return { ...parsed, lossWeights: lossWeightsOf(started.objective, parsed) };
  };
  const before = complete(written);
  const now = complete({ ...written, ...settingsOf(asked) });
  const changed = (Object.keys(before) as (keyof TrainingConfig)[]).filter(
    (name) => !isDeepStrictEqual(before[name], now[name]),
  );
  return asked.seed === null || asked.seed === started.seed ? changed : ['seed', ...changed];
}

function settingsOf({
  config,
  maxSteps,
}: Pick<PretrainJob, 'config' | 'maxSteps'>): Record<string, unknown> {
  return { ...config, ...(maxSteps === null ? {} : { maxSteps }) };
}
