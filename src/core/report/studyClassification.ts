/** How well the models of a study predict: curves by labels, and every comparison. */
import type { Shots } from '../../protocol/catalogue/evaluation.js';
import { protocolEntries } from '../../protocol/catalogue/evaluation.js';
import { sizeOf } from '../evaluate/findings.js';
import type {
  BaseComparison,
  ClassifiedPart,
  Estimate,
  StudyOutcome,
  Summary,
} from '../study/outcome.js';
import type { Html } from './html.js';
import { lineChart } from './lineChart.js';
import type { Series } from './lineChart.js';
import { chance, interval } from './numbers.js';
import { card, paragraph, section } from './page.js';
import { table } from './table.js';

type Protocol = ClassifiedPart['protocol'];

/** The models of one group in one protocol, over all parts that measured them. */
interface Measured {
  readonly group: string;
  readonly target: string;
  readonly protocol: Protocol;
  readonly summaries: readonly Summary[];
  readonly comparisons: readonly BaseComparison[];
  readonly remarks: readonly string[];
}

export function classificationSections(outcome: StudyOutcome): Html[] {
  const nameOf = namesOf(outcome);
  return gathered(outcome).flatMap((measured) => {
    const when = protocolEntries[measured.protocol].target?.when ?? measured.protocol;
    const title = `Predicting ${measured.target}, ${measured.group}, ${when}`;
    return [
      section(
        title,
        ...chart(measured, nameOf, title),
        card(null, comparisonTable(measured, nameOf)),
        ...withoutWords(measured, nameOf),
        ...measured.remarks.map(paragraph),
      ),
    ];
  });
}

export function namesOf({ models }: StudyOutcome): (model: string) => string {
  const names = new Map(models.map(({ model, name }) => [model, name]));
  return (model) => names.get(model) ?? model;
}

function gathered({ classified, models }: StudyOutcome): Measured[] {
  const keys = [...new Set(classified.map(keyOf))];
  return keys.flatMap((key) => {
    const parts = classified.filter((part) => keyOf(part) === key);
    const [first] = parts;
    if (first === undefined) return [];
    const { group, target, protocol } = first;
    const isOwn = (each: {
      readonly protocol: string;
      readonly model?: string;
      readonly a?: string;
    }) => each.protocol === protocol;
    // Words have no encoder that fine-tuning could change: they stand in the other protocol.
    const isWords = ({ model }: Summary): boolean => !models.some((each) => each.model === model);
    return [
      {
        ...{ group, target, protocol },
        summaries: parts.flatMap(({ result }) =>
          (result.summary ?? []).filter((each) => isOwn(each) || isWords(each)),
        ),
        comparisons: parts.flatMap(({ result }) => (result.comparisons ?? []).filter(isOwn)),
        remarks: protocol === 'frozen' ? parts.flatMap(({ result }) => leads(result.verdict)) : [],
      },
    ];
  });
}

function keyOf({ group, target, protocol }: ClassifiedPart): string {
  return JSON.stringify([target, group, protocol]);
}

/** What the evaluation says of words that name the classes, of copies and of notes that a model knows. */
function leads(verdict: readonly string[]): string[] {
  return verdict.filter((sentence) => /without the|were left out|near-cop|flatter/i.test(sentence));
}

function chart(
  { summaries, target }: Measured,
  nameOf: (model: string) => string,
  title: string,
): Html[] {
  const whole = summaries.filter(({ texts = 'whole' }) => texts === 'whole');
  const shots = [...new Set(whole.map((each) => each.shots))].sort((a, b) => sizeOf(a) - sizeOf(b));
  if (shots.length < 2) return [];
  const models = [...new Set(whole.map(({ model }) => model))];
  const series = models.flatMap((model, colour): Series[] => {
    const points = shots.flatMap((count, x) => {
      const found = whole.find((each) => each.model === model && each.shots === count);
      const figure = found?.figures.macroF1;
      return figure === undefined ? [] : [{ x, ...figure }];
    });
    const part = (key: keyof Estimate): number[] => points.map((point) => 100 * point[key]);
    const x = points.map((point) => point.x);
    const name = nameOf(model);
    // Bands of ten models would hide each other: the table has every interval.
    return [{ name, kind: 'line', colour, x, y: part('mean') }];
  });
  const drawn = lineChart({
    title,
    description: `Macro-F1 in per cent of ${models.map(nameOf).join(', ')} in predicting ${target} with ${shots.join(', ')} labels per class.`,
    xTitle: 'labels per class',
    xNames: shots.map((name, at) => ({ at, name: String(name) })),
    series,
  });
  return [card('Macro-F1 by labels per class', drawn)];
}

function comparisonTable(
  { summaries, comparisons }: Measured,
  nameOf: (model: string) => string,
): Html {
  const whole = summaries.filter(({ texts = 'whole' }) => texts === 'whole');
  const sorted = whole.toSorted((a, b) => sizeOf(a.shots) - sizeOf(b.shots));
  const against = (
    { model, shots }: { readonly model: string; readonly shots: Shots },
    reasons: readonly string[],
  ): BaseComparison | undefined =>
    comparisons.find(
      (each) =>
        each.a === model &&
        each.shots === shots &&
        (each.texts ?? 'whole') === 'whole' &&
        reasons.includes(each.against ?? 'base'),
    );
  return table({
    caption:
      'Macro-F1 in per cent, differences in percentage points, with 95 % intervals; p-values after Holm',
    columns: [
      { title: 'Labels', kind: 'text' },
      { title: 'Model', kind: 'heading' },
      { title: 'Macro-F1', kind: 'number' },
      { title: 'Against its base', kind: 'number' },
      { title: 'p', kind: 'number' },
      { title: 'Against TF-IDF', kind: 'number' },
      { title: 'p', kind: 'number' },
    ],
    rows: sorted.map((each) => {
      const [base, words] = [against(each, ['base']), against(each, ['tfIdf'])];
      return [
        String(each.shots),
        nameOf(each.model),
        interval(each.figures.macroF1),
        interval(base?.difference),
        base === undefined ? '–' : chance(base.pHolm),
        interval(words?.difference),
        words === undefined ? '–' : chance(words.pHolm),
      ];
    }),
  });
}

/** How much of it words that name the classes gave away. */
function withoutWords({ summaries }: Measured, nameOf: (model: string) => string): Html[] {
  const without = summaries.filter(({ texts }) => texts === 'without-words');
  if (without.length === 0) return [];
  const rows = without.flatMap((each) => {
    const whole = summaries.find(
      ({ model, shots, texts = 'whole' }) =>
        texts === 'whole' && model === each.model && shots === each.shots,
    );
    return whole === undefined
      ? []
      : [
          [
            String(each.shots),
            nameOf(each.model),
            interval(whole.figures.macroF1),
            interval(each.figures.macroF1),
          ],
        ];
  });
  return [
    card(
      null,
      table({
        caption:
          'Macro-F1 in per cent on whole notes, and on notes without the words that name the classes',
        columns: [
          { title: 'Labels', kind: 'text' },
          { title: 'Model', kind: 'heading' },
          { title: 'Whole', kind: 'number' },
          { title: 'Without the words', kind: 'number' },
        ],
        rows,
      }),
    ),
  ];
}
