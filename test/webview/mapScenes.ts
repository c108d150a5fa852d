/** Maps to look at. All of it is made up. */
import { createRandom } from '../../src/core/base/random.js';
import type { ValuesColumn } from '../../src/protocol/map.js';
import type { ClustersHostMessage } from '../../src/protocol/panels.js';

export type PointsMessage = Extract<ClustersHostMessage, { type: 'points' }>;

const categoryNames = [
  'Discharge summary',
  'Radiology',
  'Nursing',
  'Physician',
  'ECG',
  'Emergency triage',
  'Nutrition',
  'Social work',
  'Pharmacy',
  'Rehabilitation',
];

/** Clouds of points, one a category, some overlapping. */
export function cloud(count: number, categories: number, hideText = false): PointsMessage {
  const random = createRandom(7, 'cloud');
  const x = new Float32Array(count);
  const y = new Float32Array(count);
  const category = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const c = random.integer(categories);
    const angle = (c / categories) * 2 * Math.PI;
    const spread = 0.5 + (c % 3) * 0.25;
    category[i] = c;
    x[i] = Math.cos(angle) * 4 + random.normal() * spread;
    y[i] = Math.sin(angle) * 3 + random.normal() * spread * 0.8;
  }
  return {
    type: 'points',
    corpus: 'hospital-notes',
    x,
    y,
    names: Array.from(x, (_, i) => `note-${String(i + 1).padStart(4, '0')}.txt`),
    columns: [categoryColumn(category, categories)],
    warnings: [],
    hideText,
  };
}

/** One point a category, far apart: the eight colours can be looked up where they must be. */
export function corners(): PointsMessage {
  const category = Int32Array.from({ length: 8 }, (_, i) => i);
  return {
    ...cloud(8, 8),
    x: Float32Array.from(category, (i) => (i % 4) * 2),
    y: Float32Array.from(category, (i) => Math.floor(i / 4) * 2),
    columns: [categoryColumn(category, 8)],
  };
}

function categoryColumn(codes: Int32Array, categories: number): ValuesColumn {
  return {
    ...{ kind: 'values', name: 'category', label: 'Category', sentence: 'As the corpus says.' },
    ...{ values: categoryNames.slice(0, categories), codes, others: 0, plainValues: null },
  };
}

/** The category of each point. */
export function categoryOf({ columns: [column] }: PointsMessage): Int32Array {
  return column?.kind === 'values' ? column.codes : new Int32Array(0);
}

/** The same cloud with all that notes can be coloured by: numbers, dates, and groups that are named by words. */
export function colourful(count: number, categories: number, hideText = false): PointsMessage {
  const points = cloud(count, categories, hideText);
  const codes = categoryOf(points);
  const words = [
    ['cough', 'sputum', 'fever'],
    ['film', 'effusion', 'consolidation'],
    ['slept', 'observations', 'comfortable'],
    ['furosemide', 'oedema', 'titrate'],
    ['sinus', 'rhythm', 'axis'],
    ['triage', 'ambulance', 'fall'],
  ];
  const groups = codes.map((code, i) => (i % 9 === 0 ? -1 : code));
  const first = Date.UTC(2019, 0, 4);
  const numbers = Float64Array.from(points.x, (x, i) =>
    i % 11 === 0 ? NaN : Math.round(60 + x * 8),
  );
  const dates = Float64Array.from(points.y, (_, i) => first + (i % 900) * 86_400_000);
  const end = Math.min(count - 1, 899);
  return {
    ...points,
    columns: [
      ...points.columns,
      {
        ...{ kind: 'scale', name: 'date', label: 'Date', sentence: 'From the first to the last.' },
        ...{ type: 'date', numbers: dates, first, last: first + end * 86_400_000 },
      },
      {
        ...{ kind: 'scale', name: 'age', label: 'age', sentence: 'A column.', type: 'number' },
        ...{ numbers, first: least(numbers), last: -least(numbers.map((value) => -value)) },
      },
      {
        ...{ kind: 'values', name: 'computed density', label: 'Dense clusters' },
        sentence: 'Computed.',
        values: hideText ? words.map((_, i) => `Cluster ${i + 1}`) : words.map((w) => w.join(', ')),
        ...{ codes: groups, others: 0, plainValues: words.map((_, i) => `Cluster ${i + 1}`) },
      },
    ],
  };
}

function least(numbers: Float64Array): number {
  return numbers.reduce((a, b) => (b < a || Number.isNaN(a) ? b : a), NaN);
}
