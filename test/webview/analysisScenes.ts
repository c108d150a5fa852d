/** An analysis of embedding spaces to look at. All of it is made up. */
import { createRandom } from '../../src/core/base/random.js';
import type { AnalyzedFigure } from '../../src/protocol/analysis.js';
import type {
  AnalysisContent,
  AnalysisHostMessage,
  ShownGroup,
  ShownSpace,
} from '../../src/protocol/analysisPanel.js';
import { analysisFigureNames } from '../../src/protocol/catalogue/analysis.js';

const categories = ['Discharge summary', 'Emergency triage', 'Nursing', 'Radiology', 'Social work'];
const models = ['notespace-minilm', 'pretrain-2026-11-24-081500'] as const;
const notes = 60;

export const doneAnalysis: Extract<AnalysisHostMessage, { type: 'run' }> = {
  type: 'run',
  name: 'analyze-2026-11-25-101500',
  corpus: 'hospital-notes',
  status: 'done',
  progress: null,
  millisecondsLeft: null,
  notes: [],
  error: null,
  canResume: false,
};

const around = (value: number, room = 0.02): AnalyzedFigure => ({
  value,
  low: value - room,
  high: value + room,
});

const keywords = ['discharge', 'antibiotics', 'oxygen', 'ward', 'daughter', 'film', 'fracture'];

/** @param withText as after *Show Note Text* */
export function analysisScene(withText = true): AnalysisContent {
  const random = createRandom(5, 'analysis');
  const note = (): number => random.integer(notes);
  const words = (from: number): string[] =>
    withText
      ? Array.from({ length: 5 }, (_, i) => keywords[(from + i) % keywords.length] ?? '')
      : [];
  const groups = (count: number): ShownGroup[] =>
    Array.from({ length: count }, (_, k) => ({
      size: 90 - 11 * k,
      category: { name: categories[k % categories.length] ?? '', share: 0.9 - 0.07 * k },
      keywords: words(k),
      typical: [note(), note(), note()],
      odd: [note(), note()],
    }));
  const space = (name: string, shift: number): ShownSpace => ({
    name,
    figures: Object.fromEntries(
      analysisFigureNames.map((figure, i) => {
        const undefinedHere = figure === 'homophilyElsewhere';
        const value = figure === 'effectiveDimension' ? 21.4 : 0.2 + 0.03 * i + shift;
        return [figure, undefinedHere ? { value: null, low: null, high: null } : around(value)];
      }),
    ),
    graph:
      '3,120 edges; a note has 20.8 on average, 47 at most. 2 connected parts, the largest of 297 notes; 0 notes have no edge.',
    pairs: categories.flatMap((first, i) =>
      categories.slice(i).map((second, j) => ({
        first,
        second,
        cosine: around(j === 0 ? 0.7 - shift - 0.02 * i : 0.35 - shift - 0.03 * j),
        separation: j === 0 ? null : around(0.15 + 0.05 * j + shift),
      })),
    ),
    histogram: {
      within: Array.from({ length: 40 }, (_, bar) => bell(bar, 31 - 20 * shift, 4)),
      between: Array.from({ length: 40 }, (_, bar) => bell(bar, 26 - 40 * shift, 3)),
    },
    groups: { kMeans: groups(5), density: groups(3), communities: groups(6) },
    mislabels: Array.from({ length: 9 }, (_, i) => ({
      note: 20 + i,
      category: categories[i % 5] ?? '',
      neighboursAre: categories[(i + 2) % 5] ?? '',
      share: 0.6 + 0.04 * i,
    })),
  });
  const [base, adapted] = models;
  return {
    type: 'report',
    corpus: 'hospital-notes',
    documents: 300,
    resampled: 'groups',
    resamples: 1000,
    findings: [
      `Homophily is 6.1 points (3.0 to 9.2) higher in ${adapted} than in ${base}.`,
      `Compared with ${base}, ${adapted} sets apart 3 pairs of categories, among them: Nursing and Social work (0.150 → 0.310).`,
      `Of a note's nearest neighbours, 41.5 % (38.0 % to 45.1 %) are the same in ${adapted} and in ${base}.`,
      '2 passages recur word for word in several notes, 1.4 % of all words.',
    ],
    remarks: [
      'Neighbours, clusters and communities are found once among all notes; intervals say how much the figures would vary with other notes, not with other clusters.',
    ],
    categories: categories.map((name, k) => ({ name, documents: 80 - 10 * k, keywords: words(k) })),
    models: [space(base, 0), space(adapted, 0.08)],
    comparisons: (['within', 'homophily', 'purity', 'hubness'] as const).map((figure, i) => ({
      ...{ a: adapted, b: base, figure },
      difference: { mean: 0.08 - 0.04 * i, low: 0.04 - 0.05 * i, high: 0.12 - 0.03 * i },
      p: 0.0002 + 0.04 * i,
      pHolm: 0.0008 + 0.08 * i,
    })),
    changes: [
      {
        ...{ a: adapted, b: base },
        overlap: around(0.415, 0.035),
        separations: categories.slice(1).map((second, i) => ({
          ...{ first: 'Discharge summary', second, before: 0.12 + 0.04 * i, after: 0.2 + 0.03 * i },
          difference: { mean: 0.08 - 0.01 * i, low: 0.03 - 0.02 * i, high: 0.13 },
          pHolm: 0.001 + 0.03 * i,
        })),
        moved: Array.from({ length: 6 }, (_, i) => ({
          note: 40 + i,
          overlap: 0.07 * i,
          from: categories[i % 5] ?? null,
          to: i === 3 ? null : (categories[(i + 1) % 5] ?? null),
        })),
      },
    ],
    repeated: {
      share: 0.014,
      passages: [
        { documents: 23, groups: 19, words: 14, first: 50, text: null },
        { documents: 7, groups: 1, words: 31, first: 51, text: null },
      ],
    },
    notes: Array.from({ length: notes }, (_, i) =>
      withText ? `note-${String(i + 1).padStart(4, '0')}.txt` : '',
    ),
    hideText: !withText,
  };
}

function bell(bar: number, middle: number, width: number): number {
  const height = Math.exp(-(((bar - middle) / width) ** 2));
  return height < 1e-4 ? 0 : height / (width * Math.sqrt(Math.PI));
}
