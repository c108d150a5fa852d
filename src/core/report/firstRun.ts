/**
 * The report of a first run: an overview of the notes, what training changed, and similar notes.
 */
import { count, plural } from '../base/wording.js';
import { nearnessText } from '../../protocol/catalogue/lookup.js';
import { smoothCurve } from './drawing/series.js';
import { html } from './html.js';
import type { Html } from './html.js';
import { lineChart } from './lineChart.js';
import type { Series } from './lineChart.js';
import { percent } from './numbers.js';
import { card, columns, facts, page, paragraph, quotation, remark, section, tag } from './page.js';
import type { Fact } from './page.js';
import { categoryLegend, scatterPlot } from './scatterPlot.js';
import type { ScatterPoints } from './scatterPlot.js';
import { bar, table } from './table.js';

export interface BeforeAfter {
  readonly before: number;
  readonly after: number;
}

export interface FirstRunCorpus {
  readonly name: string;
  readonly documents: number;
  readonly categories: Readonly<Record<string, number>>;
  readonly words: { readonly median: number; readonly p95: number };
  readonly problems: number;
}

export interface LossPoint {
  readonly step: number;
  readonly loss: number | null;
  readonly heldOutLoss: number | null;
}

export interface FirstRunTraining {
  readonly objective: string;
  readonly base: string;
  readonly steps: number;
  readonly tokens: number;
  readonly tokensPerSecond: number;
  readonly documentsTrain: number;
  readonly documentsHeldOut: number;
  readonly heldOutLoss: BeforeAfter;
  readonly curve: readonly LossPoint[];
}

export interface FirstRunExample {
  readonly title: string;
  readonly category: string | null;
  readonly text: string;
  readonly results: readonly {
    readonly title: string;
    readonly category: string | null;
    readonly similarity: number;
    readonly nearness: number | null;
    readonly snippet: string;
  }[];
}

export interface FirstRunReport {
  readonly title: string;
  /** As displayed: "23 November 2026, 16:02". */
  readonly madeAt: string;
  readonly corpus: FirstRunCorpus;
  readonly training: FirstRunTraining | null;
  /** Share of documents whose nearest neighbour has their category. */
  readonly neighbourAccuracy: BeforeAfter | null;
  /** The same for randomly drawn neighbours. */
  readonly chanceAccuracy: number | null;
  readonly projections: readonly { readonly title: string; readonly points: ScatterPoints }[];
  readonly examples: readonly FirstRunExample[];
  /** Remarks and warnings, one sentence each. */
  readonly notes: readonly string[];
  /** Whether the page may contain note text and names of notes. */
  readonly showNoteText: boolean;
}

export function renderFirstRun(report: FirstRunReport): string {
  const { title, madeAt, corpus, training, projections, examples, notes, showNoteText } = report;
  return page({
    title,
    madeAt,
    hasNoteText: showNoteText,
    sections: [
      facts(factsOf(report)),
      ...(notes.length === 0 ? [] : [section('Remarks', ...notes.map(remark))]),
      ...(training === null ? [] : [trainingSection(training)]),
      ...(projections.length === 0 ? [] : [projectionSection(report)]),
      ...(examples.length === 0 ? [] : [exampleSection(report)]),
      corpusSection(corpus),
    ],
  });
}

function factsOf({ corpus, training, neighbourAccuracy, chanceAccuracy }: FirstRunReport): Fact[] {
  const categories = Object.keys(corpus.categories).length;
  const found: Fact[] = [
    {
      name: 'Notes',
      value: count(corpus.documents),
      remark: `${corpus.name}, ${plural(categories, 'category', 'categories')}`,
    },
  ];
  if (training !== null) {
    const { before, after } = training.heldOutLoss;
    found.push(
      {
        name: 'Held-out loss',
        value: `${before.toFixed(3)} → ${after.toFixed(3)}`,
        remark: verdict(before - after, 'lower is better'),
      },
      {
        name: 'Perplexity',
        value: `${perplexity(before)} → ${perplexity(after)}`,
        remark: "of the held-out notes' masked tokens",
      },
    );
  }
  if (neighbourAccuracy !== null) {
    const { before, after } = neighbourAccuracy;
    const chance = chanceAccuracy === null ? '' : `; by chance ${percent(chanceAccuracy)}`;
    found.push({
      name: 'Nearest note has the same category',
      value: `${percent(before)} → ${percent(after)}`,
      remark: verdict(after - before, `before → after training${chance}`),
    });
  }
  if (training !== null) {
    found.push({
      name: 'Trained',
      value: `${count(training.steps)} steps`,
      remark: `${count(training.tokens)} tokens, ${count(training.tokensPerSecond)} a second`,
    });
  }
  return found;
}

function verdict(gain: number, text: string): Html {
  return gain > 0 ? html`<span class="better">better</span>, ${text}` : html`${text}`;
}

function trainingSection(training: FirstRunTraining): Html {
  const { objective, base, documentsTrain, documentsHeldOut, heldOutLoss, curve } = training;
  const series = lossSeries(curve);
  return section(
    'Training',
    paragraph(
      `${objective} from ${base}, on ${count(documentsTrain)} notes; ${count(documentsHeldOut)} notes were held out of it.`,
    ),
    series.length === 0
      ? paragraph('No step was taken.')
      : card(
          null,
          lineChart({
            title: 'Training loss by step',
            description: `The loss on held-out notes went from ${heldOutLoss.before.toFixed(3)} to ${heldOutLoss.after.toFixed(3)}.`,
            xTitle: 'step',
            series,
          }),
        ),
  );
}

function lossSeries(curve: readonly LossPoint[]): Series[] {
  const column = (of: 'loss' | 'heldOutLoss') => {
    const points = curve.flatMap(({ step, [of]: y }) => (y === null ? [] : [{ step, y }]));
    return { x: points.map(({ step }) => step), y: points.map(({ y }) => y) };
  };
  const [loss, heldOut] = [column('loss'), column('heldOutLoss')];
  const series: Series[] = [
    { name: 'training loss of a step', kind: 'faint', colour: 0, ...loss },
    { name: 'smoothed', kind: 'line', colour: 0, ...smoothCurve(loss) },
    { name: 'held-out loss', kind: 'dots', colour: 1, ...heldOut },
  ];
  return series.filter(({ x }) => x.length > 0);
}

function projectionSection({ projections, showNoteText }: FirstRunReport): Html {
  const [first] = projections;
  return section(
    'Map of the notes',
    paragraph(
      'Every point is a note; notes that the model finds similar lie close together (UMAP). Distances between far groups mean little.',
    ),
    columns(
      ...projections.map(({ title, points }) =>
        card(
          title,
          scatterPlot({
            title,
            description: `${count(points.x.length)} notes as points, coloured by category.`,
            points: showNoteText ? points : withoutTitles(points),
          }),
        ),
      ),
    ),
    ...(first === undefined ? [] : [categoryLegend(first.points)]),
  );
}

/** Shows the category but not the note's name, which may be a patient's number. */
function withoutTitles(points: ScatterPoints): ScatterPoints {
  const titles = Array.from(points.category, (category) => points.categories[category] ?? '');
  return { ...points, titles };
}

function exampleSection({ examples, showNoteText }: FirstRunReport): Html {
  return section(
    'Similar notes',
    ...examples.map((example, at) => {
      const title = showNoteText ? example.title : `Note ${at + 1}`;
      return card(
        html`${title} ${categoryTag(example.category, null)}`,
        ...(showNoteText ? [quotation(example.text)] : []),
        exampleTable(example, title, showNoteText),
      );
    }),
  );
}

function exampleTable(
  { category, results }: FirstRunExample,
  title: string,
  showNoteText: boolean,
) {
  return table({
    caption: `Most similar to ${title}`,
    columns: [
      { title: 'Nearness', kind: 'number' },
      { title: 'Category', kind: 'text' },
      ...(showNoteText
        ? ([
            { title: 'Note', kind: 'heading' },
            { title: 'Passage', kind: 'text' },
          ] as const)
        : []),
    ],
    rows: results.map((result) => [
      nearnessText(result),
      categoryTag(result.category, category),
      ...(showNoteText ? [result.title, result.snippet] : []),
    ]),
  });
}

function categoryTag(category: string | null, reference: string | null): Html {
  return category === null ? html`` : tag(category, category === reference);
}

function corpusSection(corpus: FirstRunCorpus): Html {
  const { name, documents, words, problems } = corpus;
  const read =
    problems === 0
      ? 'Everything could be read.'
      : `${plural(problems, 'place')} could not be read.`;
  return section(
    'Corpus',
    paragraph(
      `${name}: ${count(documents)} notes, median length ${count(words.median)} words; one in twenty is longer than ${count(words.p95)}. ${read}`,
    ),
    categoryTable(corpus),
  );
}

function categoryTable({ documents, categories }: FirstRunCorpus): Html {
  const rows = Object.entries(categories);
  if (rows.length === 0) return paragraph('It has no categories.');
  return card(
    null,
    table({
      caption: 'Notes by category',
      columns: [
        { title: 'Category', kind: 'heading' },
        { title: 'Notes', kind: 'number' },
        { title: 'Share', kind: 'text' },
      ],
      rows: rows.map(([name, notes]) => [name, count(notes), bar(notes / Math.max(1, documents))]),
    }),
  );
}

function perplexity(loss: number): string {
  return Number(Math.exp(loss).toPrecision(3)).toLocaleString('en-GB');
}
