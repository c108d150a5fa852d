/** Remarks for the bundled model's card: sources, licences, scores, limits. */
import { difference, share } from './score.js';
import type { TaskScore } from './score.js';
import type { SplitSet } from './sources.js';

export interface Column {
  readonly name: string;
  readonly scores: readonly TaskScore[];
}

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`;
const points = (value: number): string =>
  `${value >= 0 ? '+' : '-'}${(100 * Math.abs(value)).toFixed(1)}`;

/**
 * @param columns TF-IDF, the base, and others
 * @param chosen index of the model itself
 */
export function bundledRemarks(
  sets: readonly SplitSet[],
  columns: readonly Column[],
  chosen: number,
): string[] {
  return [sources(sets), scores(columns, chosen), intendedUse];
}

function sources(sets: readonly SplitSet[]): string {
  return [
    '## What it learned from',
    '',
    'all-MiniLM-L6-v2 (Wang et al., 2020; Reimers and Gurevych, 2019) under the Apache License 2.0, and the training',
    'part of these sets. Patients, visits, diseases and near-copies are not shared between the parts.',
    '',
    '| set | origin | licence | training | validation | test |',
    '|---|---|---|---|---|---|',
    ...sets.map(({ set, parts: { train, validation, test } }) => {
      const cells = [
        set.name,
        set.origin,
        set.licence,
        train.length,
        validation.length,
        test.length,
      ];
      return `| ${cells.join(' | ')} |`;
    }),
    '',
    'ACI-Bench (Yim et al., 2023), PriMock57 (Papadopoulos Korfiatis et al., 2022) and MedQuAD (Ben Abacha and',
    'Demner-Fushman, 2019) are used under CC BY 4.0.',
  ].join('\n');
}

function scores(columns: readonly Column[], chosen: number): string {
  const model = columns[chosen]!;
  const [tfIdf, base] = [columns[0]!, columns[1]!];
  const rows = model.scores.map((score, i) => {
    const { mean, margin } = difference(score, base.scores[i]!);
    const shares = columns.map((column) => percent(share(column.scores[i]!)));
    const change = `${points(mean)} ± ${(100 * margin).toFixed(1)}`;
    return `| ${[`${score.set}: ${score.task}`, score.queries, ...shares, change].join(' | ')} |`;
  });
  const means = columns.map(({ scores: own }) => percent(meanShare(own)));
  const gain = points(meanShare(model.scores) - meanShare(base.scores));
  const above = model.scores.filter((score, i) => share(score) > share(tfIdf.scores[i]!)).length;
  return [
    '## How well it finds similar notes',
    '',
    'On test texts, which neither training nor the choice of a recipe saw: the share of texts whose nearest other text by',
    'cosine has their class (those of the same visit left out), or the share of queries whose own text is among the nearest.',
    'A number after a recipe is the share of the trained model in its merge with the base. The last column is the difference',
    'of this model, the column before it, from the base, in points with a 95 % interval.',
    '',
    `| set: task | texts | ${columns.map(({ name }) => name).join(' | ')} | difference |`,
    `|---|---|${'---|'.repeat(columns.length + 1)}`,
    ...rows,
    `| ${['mean', '', ...means, gain].join(' | ')} |`,
    '',
    `It is above TF-IDF in ${above} of ${model.scores.length} tasks. ${lost(model.scores, base.scores)}`,
  ].join('\n');
}

/** Where the model falls below the base by more than a point. */
function lost(scored: readonly TaskScore[], base: readonly TaskScore[]): string {
  const tasks = scored.flatMap((score, i) => {
    const { mean, margin } = difference(score, base[i]!);
    if (mean >= -0.01) return [];
    const within = Math.abs(mean) <= margin ? ', which chance may explain' : '';
    return [`${score.set}, ${score.task} (${points(mean)}${within})`];
  });
  if (tasks.length === 0) return 'Nowhere is it below the base by more than a point.';
  const list = new Intl.ListFormat('en-GB').format(tasks);
  return `It is below the base by more than a point in ${list}.`;
}

function meanShare(scored: readonly TaskScore[]): number {
  return scored.reduce((sum, score) => sum + share(score), 0) / scored.length;
}

const intendedUse = [
  '## Intended use',
  '',
  'Finding similar notes, and a model to start from: to adapt to notes of your own. It is English, lower-cases its input, and',
  'reads 256 tokens at once; longer notes are cut into passages.',
].join('\n');
