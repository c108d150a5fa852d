/** Names of jobs and results as the user sees them. */
import { count, plural } from '../core/base/wording.js';
import { bundledName, modelName as nameOfFolder } from '../engine/bundledModel.js';
import type { StudyFinding } from '../protocol/catalogue/study.js';
import type { JobResult, JobSpec, RunProgress, RunState } from '../protocol/run.js';

/** "Pre-training on ward-notes"; never contains note text. */
export function jobTitle(spec: JobSpec, corpus: string): string {
  switch (spec.kind) {
    case 'index':
      return `Indexing ${corpus}`;
    case 'pretrain':
      return `Pre-training on ${corpus}`;
    case 'evaluate':
      return `Evaluating on ${corpus}`;
    case 'analyze':
      return `Analysing the embedding space of ${corpus}`;
    case 'study':
      return `Study of ${corpus}`;
    case 'project':
      return `Drawing the map of ${corpus}`;
    case 'import':
      return `Importing the model ${corpus}`;
  }
}

export function progressText(state: RunState): string {
  if (state.status === 'cancelling') return 'Stopping…';
  if (state.status === 'paused') return 'Paused';
  if (state.status === 'finishing') return 'Finishing…';
  return state.progress === null ? 'Starting…' : progressOf(state.progress);
}

function progressOf({ phase, done, total, unit }: RunProgress): string {
  if (total === null) return done === 0 ? phase : `${phase}: ${count(done)} ${unit}`;
  return `${phase}: ${count(done)} of ${count(total)} ${unit}`;
}

/** Fraction done, in [0, 1]; `null` while unknown. */
export function progressShare({ progress }: RunState): number | null {
  if (progress === null || progress.total === null || progress.total <= 0) return null;
  return Math.min(1, Math.max(0, progress.done / progress.total));
}

/** One sentence about the result. */
export function resultText(result: JobResult, corpus: string): string {
  switch (result.kind) {
    case 'index':
      return (
        `Indexed ${corpus}: ${count(result.documents)} notes in ${count(result.passages)} passages, ` +
        `${count(result.embedded)} embedded anew, in ${seconds(result.seconds)}.`
      );
    case 'pretrain':
      return (
        `Pre-trained on ${corpus}: the held-out loss went from ${decimals(result.heldOutLoss.before)} ` +
        `to ${decimals(result.heldOutLoss.after)} in ${count(result.steps)} steps.`
      );
    case 'evaluate':
      return `Evaluated ${result.results.length} models on ${count(result.documents)} held-out notes.`;
    case 'analyze':
      return `Analysed ${plural(result.models.length, 'model')} on ${count(result.documents)} notes.`;
    case 'study':
      return `The study of ${corpus} is done: ${studyText(result.findings)}.`;
    case 'project':
      return `The map of ${corpus} shows ${count(result.points)} notes.`;
    case 'import':
      return `The model ${corpus} is imported (${megabytes(result.bytes)}).`;
  }
}

function studyText(findings: readonly StudyFinding[]): string {
  const held = findings.filter(({ holds }) => holds === true).length;
  return `${count(held)} of ${plural(findings.length, 'finding')} of the paper hold on these notes`;
}

/** Name of a model: `bundled`, the name of its run, or its folder. */
export function modelName(folder: string, bundled: string): string {
  return folder === bundled ? bundledName : nameOfFolder(folder);
}

export function megabytes(bytes: number): string {
  return bytes >= 1e9
    ? `${(bytes / 1e9).toFixed(1)} GB`
    : `${Math.max(0.1, bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

function decimals(value: number): string {
  return value.toFixed(2);
}

function seconds(value: number): string {
  if (value < 60) return `${value.toFixed(value < 10 ? 1 : 0)} s`;
  return `${Math.round(value / 60)} min`;
}
