/** An evaluation to look at. All of it is made up. */
import { createRandom } from '../../src/core/base/random.js';
import type { Shots } from '../../src/protocol/catalogue/evaluation.js';
import type {
  EvaluationHostMessage,
  EvaluationSetting,
  TestNotes,
} from '../../src/protocol/panels.js';
import type { Estimate } from '../../src/protocol/evaluation.js';

type Report = Extract<EvaluationHostMessage, { type: 'report' }>;
export type EvaluationRun = Extract<EvaluationHostMessage, { type: 'run' }>;

const classes = ['Discharge summary', 'Emergency triage', 'Nursing', 'Radiology', 'Social work'];
const shots: readonly Shots[] = [8, 16, 32, 64, 128, 'all'];
const testNotes = 120;

export const runningEvaluation: EvaluationRun = {
  type: 'run',
  name: 'evaluate-2026-11-24-093012',
  corpus: 'hospital-notes',
  status: 'running',
  progress: { phase: 'Embedding notes with pretrain-1', done: 240, total: 600, unit: 'notes' },
  millisecondsLeft: 250_000,
  notes: [],
  error: null,
  canResume: false,
};

export const doneEvaluation: EvaluationRun = {
  ...runningEvaluation,
  status: 'done',
  progress: null,
  millisecondsLeft: null,
  notes: ['With 128 labels per class, Social work (84) has fewer and gave what there is.'],
};

/** @param labels with several, each note has one or two */
export function reportScene(labels: TestNotes['labels'] = 'one', hideText = false): Report {
  const random = createRandom(11, 'evaluation');
  const actual = Int32Array.from({ length: testNotes }, () => random.integer(classes.length));
  const of = (given: (note: number) => number): Int32Array => {
    if (labels === 'one') return Int32Array.from(actual, (_, note) => given(note));
    const values = new Int32Array(testNotes * classes.length);
    for (let note = 0; note < testNotes; note++) {
      values[note * classes.length + given(note)] = 1;
      if (note % 3 === 0)
        values[note * classes.length + (((actual[note] ?? 0) + 1) % classes.length)] = 1;
    }
    return values;
  };
  const outcome = (share: number) => ({
    predicted: of((note) =>
      random.next() < share ? (actual[note] ?? 0) : random.integer(classes.length),
    ),
    confidence:
      labels === 'one' ? Float32Array.from(actual, () => 0.4 + 0.6 * random.next()) : null,
  });
  const settings: EvaluationSetting[] = [];
  const add = (
    model: string,
    protocol: EvaluationSetting['protocol'],
    [start, end]: readonly [number, number],
    more: Partial<EvaluationSetting> = {},
  ): void => {
    for (const [at, count] of shots.entries()) {
      const mean = start + ((end - start) * at) / (shots.length - 1);
      const isWhole = count === 'all';
      settings.push({
        ...{ model, protocol, shots: count, isBaseline: false, isMain: true, withoutWords: false },
        classifier: 'logistic regression',
        figures: {
          macroF1: around(mean, 0.05 - at * 0.005),
          accuracy: around(mean + 0.03, 0.04),
          weightedF1: around(mean + 0.02, 0.04),
          balancedAccuracy: around(mean + 0.01, 0.05),
          ...(isWhole
            ? {
                macroAuroc: around(Math.min(0.98, mean + 0.15), 0.02),
                calibrationError: around(0.06, 0.02),
              }
            : {}),
        },
        runs: isWhole ? (protocol === 'fine-tuning' ? 3 : 1) : 20,
        seconds: protocol === 'fine-tuning' ? 214 : 0.4 + at * 0.3,
        trainableParameters: protocol === 'fine-tuning' ? 22_713_221 : 1925,
        memoryBytes: null,
        classes: isWhole
          ? classes.map((name, k) => ({
              name,
              precision: around(mean - 0.02 * k, 0.06),
              recall: around(mean + 0.01 * k, 0.06),
              f1: around(mean, 0.05),
              support: 24,
            }))
          : [],
        reliability: isWhole
          ? [0.3, 0.45, 0.6, 0.75, 0.9].map((confidence, i) => ({
              confidence,
              right: Math.min(0.97, confidence - 0.3 + 0.35 * mean + 0.02 * i),
              count: 12 + 7 * i,
            }))
          : null,
        outcomes: isWhole
          ? Array.from({ length: protocol === 'fine-tuning' ? 3 : 1 }, () => outcome(mean))
          : null,
        ...more,
      });
    }
  };
  add('notespace-minilm', 'frozen', [0.52, 0.74]);
  add('notespace-minilm', 'fine-tuning', [0.41, 0.81], { classifier: 'linear head' });
  add('pretrain-2026-11-24-081500', 'frozen', [0.6, 0.79]);
  add('pretrain-2026-11-24-081500', 'fine-tuning', [0.47, 0.83], { classifier: 'linear head' });
  add('TF-IDF', null, [0.44, 0.8], { isBaseline: true });
  add('Random weights', 'frozen', [0.35, 0.58], { isBaseline: true });
  add('Naive Bayes', null, [0.4, 0.71], { isBaseline: true, classifier: 'naive Bayes' });
  add('Most frequent class', null, [0.08, 0.08], {
    isBaseline: true,
    classifier: 'most frequent class',
    trainableParameters: null,
  });
  const whole = settings.find(
    ({ model, shots: count }) => model.startsWith('pretrain') && count === 'all',
  );
  if (whole !== undefined) {
    settings.push({
      ...whole,
      classifier: 'dense head',
      isMain: false,
      trainableParameters: 594_437,
    });
  }
  const [tuned, base] = ['pretrain-2026-11-24-081500', 'notespace-minilm'];
  return {
    type: 'report',
    corpus: 'hospital-notes',
    target: 'category',
    classes,
    documents: { train: 420, validation: 60, test: testNotes },
    verdict: [
      'pretrain-2026-11-24-081500 beats its base by 4.1 points of macro-F1 when frozen (2.6 to 5.7); no difference when fine-tuned; TF-IDF beats both.',
      '3 test notes have near-copies among the training or validation notes: what is learned by heart counts as known there.',
    ],
    settings,
    comparisons: (['frozen', 'fine-tuning'] as const).flatMap((protocol) =>
      ([8, 'all'] as const).flatMap((count) => [
        {
          ...{ a: tuned, b: base, protocol, shots: count, withoutWords: false },
          difference: around(0.041, 0.015),
          p: 0.0004,
          pHolm: 0.0012,
        },
        {
          ...{ a: tuned, b: 'TF-IDF', protocol, shots: count, withoutWords: false },
          difference: around(-0.012, 0.03),
          p: 0.41,
          pHolm: 0.82,
        },
      ]),
    ),
    notes: {
      labels,
      names: Array.from(actual, (_, i) =>
        hideText ? '' : `note-${String(i + 1).padStart(4, '0')}.txt`,
      ),
      actual: of((note) => actual[note] ?? 0),
    },
    words: [],
    hideText,
  };
}

function around(mean: number, half: number): Estimate {
  return { mean, low: mean - half, high: mean + half };
}
