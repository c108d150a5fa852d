/** A run in a few words, for lists of runs. */
import { count, plural } from '../core/base/wording.js';
import { objectiveEntries } from '../protocol/catalogue/training.js';
import type { JobKind, JobSpec, RunState, RunStatus } from '../protocol/run.js';

const kindNames: Readonly<Record<JobKind, string>> = {
  index: 'Indexing',
  pretrain: 'Pre-training',
  evaluate: 'Evaluation',
  analyze: 'Analysis',
  study: 'Study',
  project: 'Map',
  import: 'Import',
};

const statusNames: Readonly<Record<RunStatus, string>> = {
  starting: 'starting',
  running: 'running',
  paused: 'paused',
  finishing: 'finishing',
  cancelling: 'stopping',
  cancelled: 'cancelled',
  done: 'done',
  failed: 'failed',
};

/** What a run does: its objective, or the kind of job. */
export function kindText(spec: JobSpec): string {
  return spec.kind === 'pretrain' ? objectiveEntries[spec.objective].label : kindNames[spec.kind];
}

/** A run in a few words, shown beside its name: "DeCLUTR, 400 steps, 6.10 → 2.51". */
export function runText({ spec, state }: { spec: JobSpec; state: RunState }): string {
  const { progress, result, status } = state;
  const kind = kindText(spec);
  if (result?.kind === 'pretrain') {
    const { before, after } = result.heldOutLoss;
    return `${kind}, ${plural(result.steps, 'step')}, ${before.toFixed(2)} → ${after.toFixed(2)}`;
  }
  if (status === 'done') return kind;
  const share = progress?.total ?? null;
  const where =
    progress === null || share === null || progress.done === 0
      ? ''
      : ` ${count(progress.done)} of ${count(share)} ${progress.unit}`;
  return `${kind}, ${statusNames[status]}${where === '' ? '' : `:${where}`}`;
}
