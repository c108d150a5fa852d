/** The report of an analysis: what the embedding spaces of models look like, side by side. */
import {
  analysisCaptions,
  analysisFigures,
  analysisFigureText,
  analysisPartNames,
  analysisParts,
  figuresOfPart,
} from '../../protocol/catalogue/analysis.js';
import type { AnalysisFigureName, AnalysisPart } from '../../protocol/catalogue/analysis.js';
import { count, plural } from '../base/wording.js';
import { cosineCurves } from './drawing/histogram.js';
import type { CosineHistogram } from './drawing/histogram.js';
import { heatMap } from './heatMap.js';
import type { HeatMap } from './heatMap.js';
import { html } from './html.js';
import type { Html } from './html.js';
import { lineChart } from './lineChart.js';
import { card, columns, facts, page, paragraph, quotation, remark, section } from './page.js';
import { table } from './table.js';

/** A figure with its 95 % interval. */
export interface ReportedMeasure {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

export interface ReportedGroup {
  readonly size: number;
  readonly keywords: readonly string[];
  /** Its most frequent category, and its share; `null` without categories. */
  readonly category: { readonly name: string; readonly share: number } | null;
}

export interface ReportedSpace {
  /** As displayed. */
  readonly name: string;
  readonly figures: Readonly<Partial<Record<AnalysisFigureName, ReportedMeasure>>>;
  /** Mean cosines of categories. */
  readonly similarities: HeatMap['values'];
  readonly histogram: CosineHistogram;
  readonly groups: readonly { readonly title: string; readonly list: readonly ReportedGroup[] }[];
  /** In a sentence. */
  readonly graph: string;
}

export interface AnalysisReport {
  readonly title: string;
  /** As displayed. */
  readonly madeAt: string;
  readonly documents: number;
  readonly categories: number;
  /** Of the heat maps. */
  readonly shown: readonly string[];
  /** "patients", or "notes". */
  readonly resampled: string;
  readonly resamples: number;
  readonly findings: readonly string[];
  /** What was sampled, and other remarks on how to read the figures. */
  readonly remarks: readonly string[];
  readonly spaces: readonly ReportedSpace[];
  readonly repeated: readonly {
    readonly documents: number;
    readonly groups: number | null;
    readonly words: number;
    /** `null` unless text is to be shown. */
    readonly text: string | null;
  }[];
}

/** More would be a list, not a table; the files beside the page hold all. */
const mostGroups = 15;
const mostRepeated = 30;

export function renderAnalysis(report: AnalysisReport): string {
  const { title, madeAt, findings, remarks, spaces, repeated } = report;
  return page({
    title,
    madeAt,
    hasNoteText: repeated.some(({ text }) => text !== null),
    sections: [
      overview(report),
      section('What it comes to', ...findings.map(remark)),
      ...analysisPartNames.map((part) => partSection(part, spaces)),
      ...mapSections(report),
      ...spaces.map(groupSection),
      ...(repeated.length === 0 ? [] : [repeatedSection(report)]),
      ...(remarks.length === 0 ? [] : [section('How to read it', ...remarks.map(paragraph))]),
    ],
  });
}

function overview({ documents, categories, resampled, resamples, spaces }: AnalysisReport): Html {
  return facts([
    {
      name: 'Notes',
      value: count(documents),
      remark: `in ${plural(categories, 'category', 'categories')}`,
    },
    {
      name: 'Models',
      value: count(spaces.length),
      remark: spaces.map(({ name }) => name).join(', '),
    },
    {
      name: 'Intervals',
      value: '95 %',
      remark: `${count(resamples)} resamples of ${resampled}`,
    },
  ]);
}

function partSection(part: AnalysisPart, spaces: readonly ReportedSpace[]): Html {
  return section(
    analysisParts[part],
    card(
      null,
      table({
        caption: 'With 95 % intervals',
        columns: [
          { title: 'Figure', kind: 'heading' },
          ...spaces.map(({ name }) => ({ title: name, kind: 'number' as const })),
          { title: 'What it says', kind: 'text' },
        ],
        rows: figuresOfPart(part)
          .filter((name) => spaces.some(({ figures }) => figures[name] !== undefined))
          .map((name) => [
            analysisFigures[name].label,
            ...spaces.map(({ figures }) => interval(name, figures[name])),
            analysisFigures[name].sentence,
          ]),
      }),
    ),
  );
}

function mapSections({ shown, spaces }: AnalysisReport): Html[] {
  if (shown.length < 2) return [];
  return [
    section(
      'Categories',
      columns(
        ...spaces.map(({ name, similarities }) =>
          card(
            name,
            heatMap({
              caption: analysisCaptions.cosines,
              names: shown,
              values: similarities,
            }),
          ),
        ),
      ),
      columns(...spaces.map(distribution)),
    ),
  ];
}

function distribution({ name, histogram }: ReportedSpace): Html {
  const curves = cosineCurves(histogram);
  if (curves === null) return card(name, paragraph('There are no pairs of notes with categories.'));
  const { x, within, between } = curves;
  return card(
    name,
    lineChart({
      title: `Cosines in ${name}`,
      description: analysisCaptions.histogram,
      xTitle: 'cosine',
      series: [
        { name: 'same category', kind: 'line', colour: 0, x, y: within },
        { name: 'different categories', kind: 'line', colour: 1, x, y: between },
      ],
    }),
  );
}

function groupSection({ name, groups, graph }: ReportedSpace): Html {
  return section(
    `Groups in ${name}`,
    paragraph(graph),
    ...groups.map(({ title, list }) =>
      card(
        title,
        list.length === 0
          ? paragraph('There are none.')
          : table({
              caption:
                list.length > mostGroups
                  ? `The ${mostGroups} largest of ${count(list.length)}`
                  : 'Largest first',
              columns: [
                { title: 'Notes', kind: 'number' },
                { title: 'Mostly', kind: 'heading' },
                { title: 'Keywords', kind: 'text' },
              ],
              rows: list
                .slice(0, mostGroups)
                .map(({ size, category, keywords }) => [
                  count(size),
                  category === null ? '–' : `${category.name} (${percent(category.share)})`,
                  keywords.join(', '),
                ]),
            }),
      ),
    ),
  );
}

function repeatedSection({ repeated }: AnalysisReport): Html {
  const hasText = repeated.some(({ text }) => text !== null);
  const heading = { title: 'Notes', kind: 'number' } as const;
  return section(
    'Passages that recur',
    paragraph(analysisCaptions.repeated),
    card(
      null,
      table({
        caption:
          repeated.length > mostRepeated
            ? `The ${mostRepeated} most frequent of ${count(repeated.length)}`
            : 'Most frequent first',
        columns: [
          heading,
          { title: 'Patients', kind: 'number' },
          { title: 'Words', kind: 'number' },
          ...(hasText ? ([{ title: 'Passage', kind: 'text' }] as const) : []),
        ],
        rows: repeated
          .slice(0, mostRepeated)
          .map(({ documents, groups, words, text }) => [
            count(documents),
            groups === null ? '–' : count(groups),
            count(words),
            ...(hasText ? [quotation(text ?? '')] : []),
          ]),
      }),
    ),
  );
}

function interval(name: AnalysisFigureName, measure: ReportedMeasure | undefined): Html | string {
  if (measure === undefined || measure.value === null) return '–';
  const { value, low, high } = measure;
  if (low === null || high === null) return analysisFigureText(name, value);
  return html`${analysisFigureText(name, value)}
    <small>${analysisFigureText(name, low)} to ${analysisFigureText(name, high)}</small>`;
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
