/** Runs of pre-training and their models, as they lie in a folder of runs. */
import { join } from 'node:path';
import { exists, isAlive, listRuns, readJob, readState } from '../engine/runFolder.js';
import { runFileNames } from '../protocol/run.js';
import type { PretrainJob, RunState } from '../protocol/run.js';

export interface Pretraining {
  readonly name: string;
  readonly folder: string;
  readonly spec: PretrainJob;
  readonly state: RunState;
  /** The exported model's folder, once there is one. */
  readonly model: string | null;
}

/** The newest first; damaged runs are left out. */
export async function listPretrainings(runs: string): Promise<readonly Pretraining[]> {
  const found: Pretraining[] = [];
  for (const name of await listRuns(runs)) {
    const pretraining = await readPretraining(join(runs, name), name).catch(() => null);
    if (pretraining !== null) found.push(pretraining);
  }
  return found.sort((a, b) => b.state.startedAt - a.state.startedAt);
}

async function readPretraining(folder: string, name: string): Promise<Pretraining | null> {
  const state = await readState(folder);
  if (state?.kind !== 'pretrain') return null;
  const spec = await readJob(folder);
  if (spec.kind !== 'pretrain') return null;
  const model = join(folder, runFileNames.model);
  const hasModel = await exists(join(model, 'config.json'));
  return { name, folder, spec, state, model: hasModel ? model : null };
}

/** Whether the run stopped before it was done, so that it can go on. */
export function canResume({ state }: Pretraining): boolean {
  return state.status !== 'done' && !isAlive(state);
}
