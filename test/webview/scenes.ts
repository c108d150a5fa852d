/** Messages that fill the panels with something to look at. All of it is made up. */
import type {
  ComparisonHostMessage,
  CorpusPreviewHostMessage,
  EvaluationHostMessage,
  SimilarNoteItem,
  SimilarNotesControls,
  SimilarNotesHostMessage,
  TrainingHostMessage,
} from '../../src/protocol/panels.js';
import type { ObjectiveName } from '../../src/protocol/catalogue/objectives.js';
import type { PretrainPlan } from '../../src/protocol/pretraining.js';
import type { MetricsLine, RunStatus } from '../../src/protocol/run.js';
import { createRandom } from '../../src/core/base/random.js';

export function similarControls(
  changed: Partial<SimilarNotesControls> = {},
): { readonly type: 'controls' } & SimilarNotesControls {
  return {
    ...{ type: 'controls', isOffered: true, text: '', mode: 'hybrid' },
    ...{ excludeGroup: true, leaveOutNegated: false, conditions: [], model: null },
    ...{ isPinned: false, canGoBack: false, canGoForward: false },
    ...changed,
  };
}

export function similarNotes(
  hideText = false,
): Extract<SimilarNotesHostMessage, { type: 'results' }> {
  const item = (
    row: number,
    nearness: number,
    similarity: number,
    category: string | null,
    snippet: string,
    more: Partial<SimilarNoteItem> = {},
  ): SimilarNoteItem => ({
    ...{ key: `key-${row}`, title: `note-0${row}12.txt` },
    ...{ nearness, similarity, category, snippet },
    ...{ percentile: 100 - row / 10, assertion: null, copies: 0, terms: [] },
    ...more,
  });
  return {
    type: 'results',
    title: 'note-0007.txt',
    isTyped: false,
    hideText,
    remark: null,
    items: [
      item(
        1,
        78.2,
        0.81,
        'Discharge summary',
        'Admitted with three days of productive cough and fever. Treated with amoxicillin; saturations recovered on room air before discharge.',
        { copies: 12, terms: ['amoxicillin', 'pneumonia', 'productive', 'saturations', 'sputum'] },
      ),
      item(
        2,
        64.4,
        0.88,
        'Physician',
        'Community-acquired pneumonia, right lower lobe. Plan: oral antibiotics, repeat film in six weeks.',
        { terms: ['pneumonia', 'antibiotics', 'lobe'] },
      ),
      item(
        3,
        49.6,
        0.74,
        'Radiology',
        'Frontal chest film: patchy consolidation in the right lower zone. No effusion.',
        { assertion: 'negated', terms: ['consolidation', 'effusion'] },
      ),
      item(4, 31, 0.79, null, 'Slept well. Observations stable overnight, temperature 37.1.', {
        assertion: 'family',
        copies: 1,
      }),
      item(
        5,
        9.3,
        0.52,
        'Social work',
        'Lives alone on the second floor; daughter visits at weekends.',
      ),
    ],
  };
}

export function metrics(steps: number, heldOutEvery: number): MetricsLine[] {
  const random = createRandom(3, 'metrics');
  const start = 1_790_000_000_000;
  const lines: MetricsLine[] = [];
  const line = (step: number, part: Partial<MetricsLine>): MetricsLine => ({
    format: 1,
    step,
    time: start + step * 420 + Math.floor(step / heldOutEvery) * 3000,
    loss: null,
    losses: {},
    learningRate: null,
    gradNorm: null,
    tokensPerSecond: null,
    heldOutLoss: null,
    memoryBytes: null,
    ...part,
  });
  const curve = (step: number): number => 2.4 + 3.6 * Math.exp((-3.2 * step) / steps);
  for (let step = 1; step <= steps; step++) {
    const loss = curve(step) + random.normal() * 0.22;
    const warmUp = Math.min(1, step / (steps * 0.06));
    lines.push(
      line(step, {
        loss,
        losses: { mlm: loss },
        learningRate: 5e-4 * warmUp * (1 - (step / steps) * 0.95),
        gradNorm: 1,
        tokensPerSecond: 8800 + random.normal() * 300,
        memoryBytes: 612_000_000,
      }),
    );
    if (step % heldOutEvery === 0) lines.push(line(step, { heldOutLoss: curve(step) + 0.12 }));
  }
  return [line(0, { heldOutLoss: curve(0) + 0.1 }), ...lines];
}

export type Run = Extract<TrainingHostMessage, { type: 'run' }>;

export const runningRun: Run = {
  type: 'run',
  name: 'pretrain-hospital-notes-1',
  title: 'Masked tokens on hospital-notes, 24 Nov 09:30',
  objective: 'mlm',
  status: 'running',
  progress: { phase: 'Training', done: 260, total: 400, unit: 'steps' },
  plan: null,
  notes: ['3 notes are longer than 512 tokens and were cut into passages.'],
  error: null,
  heldOutLoss: { before: 6.1, after: null },
};

/** A run of several losses: each falls at its own pace, and the total is their weighted sum. */
export function severalLosses(
  weights: Readonly<Record<string, number>>,
  steps: number,
  heldOutEvery: number,
  seed = 5,
): MetricsLine[] {
  const random = createRandom(seed, 'severalLosses');
  const shapes: Readonly<Record<string, readonly [number, number, number]>> = {
    mlm: [2.3, 3.4, 2.6],
    ntXent: [0.7, 2.6, 6],
    category: [0.35, 1.5, 4.2],
  };
  const value = (name: string, step: number): number => {
    const [end, height, pace] = shapes[name] ?? [1, 1, 1];
    return end + height * Math.exp((-pace * step) / steps);
  };
  const sum = (parts: Readonly<Record<string, number>>): number =>
    Object.entries(parts).reduce((all, [name, part]) => all + part * (weights[name] ?? 0), 0);
  return metrics(steps, heldOutEvery).map((line) => {
    const isHeldOut = line.heldOutLoss !== null;
    const parts = Object.fromEntries(
      Object.keys(weights).map((name) => [
        name,
        value(name, line.step) + (isHeldOut ? 0.1 : random.normal() * 0.12),
      ]),
    );
    return isHeldOut
      ? { ...line, heldOutLoss: sum(parts), heldOutLosses: parts }
      : {
          ...line,
          loss: sum(parts),
          losses: parts,
          memoryBytes: 1.1e9 + 4e8 * Math.min(1, line.step / 40) + random.normal() * 8e6,
        };
  });
}

export const plan: PretrainPlan = {
  device: 'cpu',
  threads: 8,
  steps: 400,
  tokensPerStep: 3710,
  trainedParameters: 5_467_136,
  parameters: 5_467_136,
  memoryBytes: 1.5e9,
  freeMemoryBytes: 6.2e9,
  diskBytes: 2.9e8,
  freeDiskBytes: 3.1e8,
  expectedSeconds: 720,
  categories: [
    { name: 'Discharge summary', documents: 2140 },
    { name: 'Nursing', documents: 1822 },
    { name: 'Radiology', documents: 960 },
    { name: 'Physician', documents: 412 },
    { name: 'Social work and rehabilitation', documents: 88 },
    { name: 'Nutrition', documents: 9 },
  ],
  advice: [
    'Nutrition has 9 training notes and Discharge summary 2 140: set categoryWeights to "balanced".',
    'The disk is nearly full: lower saveTotalLimit to 1.',
  ],
};

export const comparedRuns: Extract<ComparisonHostMessage, { type: 'runs' }> = {
  type: 'runs',
  runs: [
    ['pretrain-2026-11-24-081500', 'mlm', 'done'],
    ['pretrain-2026-11-24-093012', 'declutr', 'done'],
    ['pretrain-2026-11-24-101144', 'note-category', 'running'],
  ].map(([name, objective, status]) => ({
    id: `/notes/.notespace/runs/${name ?? ''}`,
    name: name ?? '',
    corpus: 'hospital-notes',
    objective: objective as ObjectiveName,
    base: 'bundled',
    status: status as RunStatus,
    settings: {},
  })),
};

export const evaluation: Extract<EvaluationHostMessage, { type: 'figures' }> = {
  type: 'figures',
  corpus: 'hospital-notes',
  protocol: 'mlm',
  rows: [
    {
      model: '/models/notespace-minilm',
      shots: null,
      figures: { loss: 3.412, perplexity: 30.33, accuracy: 0.412 },
    },
    {
      model: '/notes/.notespace/runs/pretrain-1/model',
      shots: null,
      figures: { loss: 2.518, perplexity: 12.4, accuracy: 0.534 },
    },
    {
      model: '/notes/.notespace/runs/pretrain-2/model',
      shots: null,
      figures: { loss: 3.634, perplexity: 37.86, accuracy: 0.391 },
    },
  ],
  verdict: [
    'pretrain-1 guesses masked words of these notes better than notespace-minilm: its loss is 26.2 % lower.',
    'pretrain-2 saw 12 of these notes while training, so its figures flatter it.',
  ],
};

/** A table of notes in several rows, as it was read. */
export const corpusPreview: Extract<CorpusPreviewHostMessage, { type: 'preview' }> = {
  type: 'preview',
  source: 'ward-notes.csv',
  name: 'ward-notes',
  given: { mapping: {}, reading: { keep: ['ward', 'age'] } },
  hideText: false,
  preview: {
    kind: 'csv',
    notes: Array.from({ length: 6 }, (_, i) => ({
      id: `N-${1001 + i}`,
      text: 'Seen on the ward this morning, comfortable and eating.\nWound clean and dry, stitches out in ten days.',
      category: i % 2 === 0 ? 'Nursing' : 'Physician',
      label: i === 1 ? 'None' : 'Low',
      group: null,
      date: `2024-03-0${i + 1}`,
      split: null,
      row: i + 2,
    })),
    scanned: 500,
    isWhole: false,
    mapping: {
      ...{ text: 'note_text', id: 'note_id', category: 'note_type', label: 'harm' },
      ...{ group: null, date: 'seen', split: null },
    },
    moreText: [],
    columns: [
      { name: 'note_id', type: 'text', caution: 'it says whose note it is', example: 'N-1001' },
      { name: 'line', type: 'number', caution: null, example: '1' },
      { name: 'note_type', type: 'text', caution: null, example: 'Nursing' },
      { name: 'harm', type: 'text', caution: null, example: 'Low' },
      { name: 'seen', type: 'date', caution: null, example: '03/01/2024' },
      { name: 'ward', type: 'text', caution: null, example: '7B' },
      { name: 'age', type: 'number', caution: null, example: '71' },
      {
        name: 'NHS number',
        type: 'text',
        caution: 'its name says who somebody is',
        example: '943 476 5919',
      },
      {
        name: 'note_text',
        type: 'text',
        caution: 'it is the text',
        example: 'Seen on the ward this morning, comfortable…',
      },
      {
        name: 'plan',
        type: 'text',
        caution: 'it holds text, which may name people',
        example: 'Wound clean and dry, stitches out in ten days.',
      },
    ],
    lines: { id: 'note_id', number: 'line' },
    encoding: 'windows-1252',
    dialect: {
      ...{ delimiter: ';', quote: '"', escape: 'doubled', lineEnds: 'any', skipRows: 1 },
      ...{ header: true, rowNames: false, columns: 10, recordStart: null },
    },
    dateOrder: 'month-first',
    missing: [{ field: 'note_type', value: 'NULL', count: 12 }],
    classes: [{ field: 'harm', value: 'None', count: 31 }],
    skipped: 1,
    remarks: [
      'ward-notes.csv:1: The encoding is a guess (windows-1252): see that accents are right, or name it with "Encoding".',
    ],
  },
};
