/** What models said of the test notes: which were right, which were taken for what, which flipped. */
import type { TestNotes } from '../../src/protocol/panels.js';
import {
  settingsOf,
  type Cell,
  type EvaluationState,
  type FlipKind,
  type Report,
  type Setting,
} from './state.js';

/** A note in a list. */
export interface ListedNote {
  /** Position among the test notes. */
  readonly note: number;
  /** Runs in which it belongs in the list. */
  readonly runs: number;
  /** Highest probability that a run gave its prediction; `null` if that is not known. */
  readonly confidence: number | null;
}

/** Settings whose outcomes are known: those of the chosen protocol first, and main classifiers before others. */
export function withOutcomes(state: EvaluationState, report: Report): Setting[] {
  const known = (settings: readonly Setting[]): Setting[] => {
    const found = settings.filter(({ outcomes }) => outcomes !== null);
    return [...found.filter(({ isMain }) => isMain), ...found.filter(({ isMain }) => !isMain)];
  };
  const chosen = known(settingsOf(state, report));
  return [...chosen, ...known(report.settings).filter((setting) => !chosen.includes(setting))];
}

/** [classes, classes] over all runs, rows are the actual classes. Of one label. */
export function confusionOf({ outcomes }: Setting, { actual }: TestNotes, classes: number) {
  const counts = new Int32Array(classes * classes);
  for (const { predicted } of outcomes ?? []) {
    actual.forEach((k, note) => {
      const at = k * classes + (predicted[note] ?? 0);
      counts[at] = (counts[at] ?? 0) + 1;
    });
  }
  return counts;
}

/** How often a class was missed, and how often it was given wrongly, over all runs. Of several labels. */
export function errorsOf(
  { outcomes }: Setting,
  { actual }: TestNotes,
  classes: number,
  of: number,
): { readonly missed: number; readonly wrong: number } {
  let [missed, wrong] = [0, 0];
  for (const { predicted } of outcomes ?? []) {
    for (let i = of; i < actual.length; i += classes) {
      if (actual[i] === 1 && predicted[i] !== 1) missed++;
      if (actual[i] !== 1 && predicted[i] === 1) wrong++;
    }
  }
  return { missed, wrong };
}

/** The notes of a cell, the surest predictions first. */
export function notesIn(
  { outcomes }: Setting,
  { actual, names }: TestNotes,
  classes: number,
  cell: Cell,
): ListedNote[] {
  const found: ListedNote[] = [];
  for (let note = 0; note < names.length; note++) {
    const inCell = (outcomes ?? []).filter(({ predicted }) => {
      if (cell.kind === 'given') {
        return actual[note] === cell.actual && predicted[note] === cell.predicted;
      }
      const at = note * classes + cell.of;
      const [is, said] = [actual[at] === 1, predicted[at] === 1];
      return cell.kind === 'missed' ? is && !said : said && !is;
    });
    if (inCell.length === 0) continue;
    const sure = inCell.flatMap(({ confidence }) => confidence?.[note] ?? []);
    const confidence = sure.length === 0 ? null : Math.max(...sure);
    found.push({ note, runs: inCell.length, confidence });
  }
  return found.sort((a, b) => (b.confidence ?? 0) - (a.confidence ?? 0) || a.note - b.note);
}

/** Whether each note was right in more than half of the runs; with several labels all must be right. */
export function rightOf({ outcomes }: Setting, { actual, names }: TestNotes): boolean[] {
  const labels = actual.length / Math.max(1, names.length);
  const runs = outcomes ?? [];
  return names.map((_, note) => {
    const isRight = (predicted: Int32Array): boolean => {
      for (let i = note * labels; i < (note + 1) * labels; i++) {
        if (predicted[i] !== actual[i]) return false;
      }
      return true;
    };
    return runs.filter(({ predicted }) => isRight(predicted)).length > runs.length / 2;
  });
}

/** Positions of the notes by how two models did on them. */
export function flipsBetween(
  first: Setting,
  second: Setting,
  notes: TestNotes,
): Readonly<Record<FlipKind, readonly number[]>> {
  const [a, b] = [rightOf(first, notes), rightOf(second, notes)];
  const where = (inFirst: boolean, inSecond: boolean): number[] =>
    a.flatMap((is, note) => (is === inFirst && b[note] === inSecond ? note : []));
  return {
    onlyFirst: where(true, false),
    onlySecond: where(false, true),
    both: where(true, true),
    neither: where(false, false),
  };
}

/** Names of the classes of a note, as it is or as a run predicted it. */
export function classesAt(
  values: Int32Array,
  note: number,
  { labels }: TestNotes,
  classes: readonly string[],
): string {
  if (labels === 'one') return classes[values[note] ?? -1] ?? '';
  const own = classes.filter((_, k) => values[note * classes.length + k] === 1);
  return own.length === 0 ? 'none' : own.join('; ');
}
