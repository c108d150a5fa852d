/** What the Evaluation panel works out of a report: order, errors, flips, what stays chosen. */
import { describe, expect, it } from 'vitest';
import type { EvaluationSetting, TestNotes } from '../../src/protocol/panels.js';
import {
  classesAt,
  confusionOf,
  errorsOf,
  flipsBetween,
  notesIn,
} from '../../webview/evaluation/outcomes.js';
import { nextSorting, sorted } from '../../webview/evaluation/sorting.js';
import {
  emptyState,
  receive,
  settingsOf,
  shotsOf,
  shownShots,
} from '../../webview/evaluation/state.js';
import type { EvaluationState } from '../../webview/evaluation/state.js';
import { doneEvaluation, reportScene, runningEvaluation } from './evaluationScenes.js';

const notes: TestNotes = {
  labels: 'one',
  names: ['n0', 'n1', 'n2', 'n3'],
  actual: Int32Array.of(0, 0, 1, 1),
};

function setting(...runs: { predicted: number[]; confidence?: number[] }[]): EvaluationSetting {
  const [first] = reportScene().settings;
  if (first === undefined) throw new Error('the scene is empty');
  const outcomes = runs.map(({ predicted, confidence }) => ({
    predicted: Int32Array.from(predicted),
    confidence: confidence === undefined ? null : Float32Array.from(confidence),
  }));
  return { ...first, outcomes };
}

describe('Outcomes of one label', () => {
  const model = setting(
    { predicted: [0, 1, 1, 0], confidence: [0.9, 0.5, 0.75, 0.25] },
    { predicted: [0, 1, 1, 1], confidence: [0.9, 0.75, 0.5, 0.5] },
  );

  it('are counted by actual and predicted class over all runs', () => {
    expect([...confusionOf(model, notes, 2)]).toEqual([2, 2, 1, 3]);
  });

  it('are listed by cell with their runs, the surest first', () => {
    const of = (actual: number, predicted: number) =>
      notesIn(model, notes, 2, { kind: 'given', actual, predicted });
    expect(of(0, 1)).toEqual([{ note: 1, runs: 2, confidence: 0.75 }]);
    expect(of(1, 0)).toEqual([{ note: 3, runs: 1, confidence: 0.25 }]);
    expect(of(1, 1)).toEqual([
      { note: 2, runs: 2, confidence: 0.75 },
      { note: 3, runs: 1, confidence: 0.5 },
    ]);
  });

  it('flip where one model is right in most of its runs and the other is not', () => {
    const other = setting({ predicted: [1, 0, 1, 0] });
    expect(flipsBetween(model, other, notes)).toEqual({
      onlyFirst: [0],
      onlySecond: [1],
      both: [2],
      // Right in one of two runs is not most of them.
      neither: [3],
    });
  });
});

describe('Outcomes of several labels', () => {
  const several: TestNotes = {
    labels: 'several',
    names: ['n0', 'n1'],
    actual: Int32Array.of(1, 0, 1, 0, 0, 1),
  };
  const model = setting({ predicted: [1, 1, 0, 0, 0, 1] });

  it('count what was missed and what was given wrongly, and list those notes', () => {
    expect([0, 1, 2].map((k) => errorsOf(model, several, 3, k))).toEqual([
      { missed: 0, wrong: 0 },
      { missed: 0, wrong: 1 },
      { missed: 1, wrong: 0 },
    ]);
    const list = (kind: 'missed' | 'wrong', of: number) =>
      notesIn(model, several, 3, { kind, of }).map(({ note }) => note);
    expect([list('missed', 2), list('wrong', 1), list('wrong', 0)]).toEqual([[0], [0], []]);
  });

  it('are right where all labels are, and are named by those', () => {
    const perfect = setting({ predicted: [1, 0, 1, 0, 0, 1] });
    expect(flipsBetween(perfect, model, several)).toMatchObject({ onlyFirst: [0], both: [1] });
    expect(classesAt(several.actual, 0, several, ['x', 'y', 'z'])).toBe('x; z');
    expect(classesAt(Int32Array.of(0, 0, 0), 0, several, ['x', 'y', 'z'])).toBe('none');
  });
});

describe('The comparison', () => {
  const row = (model: string, macroF1: number | null): EvaluationSetting => ({
    ...setting(),
    model,
    figures: macroF1 === null ? {} : { macroF1: { mean: macroF1, low: 0, high: 1 } },
  });
  const rows = [row('b', 0.4), row('c', null), row('a', 0.9)];
  const order = (sorting: EvaluationState['sorting']) =>
    sorted(rows, sorting).map(({ model }) => model);

  it('has the best on top at the first press and at the bottom at the second', () => {
    expect(order(null)).toEqual(['b', 'c', 'a']);
    const first = nextSorting(null, 'macroF1');
    expect(order(first)).toEqual(['a', 'b', 'c']);
    expect(order(nextSorting(first, 'macroF1'))).toEqual(['b', 'a', 'c']);
    expect(order(nextSorting(first, 'model'))).toEqual(['a', 'b', 'c']);
    expect(nextSorting(null, 'calibrationError').descending).toBe(false);
  });

  it('is of whole notes, or of notes without the words that were taken out', () => {
    const report = reportScene();
    const [first] = report.settings;
    if (first === undefined) throw new Error('the scene is empty');
    const again = { ...first, withoutWords: true };
    const both = { ...report, settings: [...report.settings, again] };
    expect(settingsOf(emptyState, both)).not.toContain(again);
    expect(settingsOf({ ...emptyState, withoutWords: true }, both)).toEqual([again]);
  });

  it('is of one protocol, with the baselines that know words alone', () => {
    const report = reportScene();
    const shown = settingsOf({ ...emptyState, protocol: 'fine-tuning' }, report);
    const names = new Set(shown.map(({ model }) => model));
    expect(names.has('TF-IDF')).toBe(true);
    expect(names.has('Random weights')).toBe(false);
    expect(shotsOf(shown)).toEqual([8, 16, 32, 64, 128, 'all']);
    expect(shownShots(emptyState, shown)).toBe('all');
    expect(shownShots({ ...emptyState, shots: 16 }, shown)).toBe(16);
    // What was chosen for another report may not exist in this one.
    expect(shownShots({ ...emptyState, shots: 3 }, shown)).toBe('all');
  });
});

describe('A message', () => {
  const after = (state: EvaluationState, message: Parameters<typeof receive>[1]) => ({
    ...state,
    ...receive(state, message),
  });

  it('with the same report leaves what is looked at, and another run does not', () => {
    let state = after({ ...emptyState, width: 700 }, doneEvaluation);
    state = after(state, reportScene());
    state = { ...state, shots: 16, hidden: new Set(['TF-IDF']) };
    state = after(state, reportScene('one', true));
    expect([state.shots, state.hidden.size]).toEqual([16, 1]);
    state = after(state, { ...doneEvaluation, name: 'evaluate-other' });
    expect(state).toMatchObject({ shots: null, content: null, width: 700 });
  });

  it('that an evaluation has started again takes its figures away, and the request is answered', () => {
    let state = after(
      after(emptyState, { ...runningEvaluation, status: 'cancelled' }),
      reportScene(),
    );
    state = { ...state, asked: 'resume' };
    state = after(state, { ...runningEvaluation, status: 'starting' });
    expect([state.content, state.asked]).toEqual([null, null]);
  });
});
