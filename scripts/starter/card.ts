/** Remarks for the starter model's card: sources, licences, scores, limits. */
import type { MaskedLmScore } from '../../src/core/evaluate/maskedLm.js';
import { overall } from './score.js';
import type { SetScore } from './score.js';
import type { SplitSet } from './sources.js';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

export interface ModelScores {
  readonly neighbours: readonly SetScore[];
  readonly maskedLm: MaskedLmScore;
}

/** A model at one stage of training, from untrained to final. */
export interface StageScores extends ModelScores {
  readonly name: string;
}

export function starterRemarks(
  sets: readonly SplitSet[],
  stages: readonly StageScores[],
): string[] {
  const untrained = stages[0]!.neighbours;
  const trained = stages.at(-1)!.neighbours;
  return [
    [
      '## What it learned from',
      '',
      'One half of each set; patients, visits and near-copies are not shared between the halves.',
      'The vocabulary was learned from the same half, and so were the word vectors that pre-training started',
      'from (positive pointwise mutual information of neighbouring tokens, its singular vectors).',
      '',
      '| set | origin | licence | documents |',
      '|---|---|---|---|',
      ...sets.map(
        ({ set, train }) => `| ${set.name} | ${set.origin} | ${set.licence} | ${train.length} |`,
      ),
      '',
      'ACI-Bench (Yim et al., 2023) and PriMock57 (Papadopoulos Korfiatis et al., 2022) are used under',
      'CC BY 4.0. The weights are under the MIT licence; see LICENSE.',
    ].join('\n'),
    [
      '## How well it groups notes',
      '',
      'Share of notes of the other half whose nearest neighbour by cosine has their category, neighbours',
      'of the same patient or visit left out. The same model with random weights (untrained), with word',
      'vectors, after masked language modelling (mlm), and as it is, after DeCLUTR. Below it: the loss and',
      'the accuracy at the masked tokens (15 %) of all texts of the other half.',
      '',
      `| set | notes | ${stages.map(({ name }) => name).join(' | ')} | gain |`,
      `|---|---|${'---|'.repeat(stages.length)}---|`,
      ...untrained.map((_, i) => row(stages.map(({ neighbours }) => neighbours[i]!))),
      row(stages.map(({ neighbours }) => overall(neighbours))),
      maskedRow('masked-token loss', stages, ({ loss }) => loss.toFixed(3)),
      maskedRow('masked-token accuracy', stages, ({ accuracy }) => percent(accuracy)),
      '',
      verdict(untrained, trained),
    ].join('\n'),
    [
      '## Intended use',
      '',
      'A small model to start from: to try Notespace on the sample notes, and to adapt to notes of your own.',
      'It is English, has seen few texts, and knows little beyond their kinds.',
    ].join('\n'),
  ];
}

function row(scores: readonly SetScore[]): string {
  const { name, documents } = scores[0]!;
  const shares = scores.map(({ right, documents }) => right / documents);
  const gain = shares.at(-1)! - shares[0]!;
  const points = `${gain >= 0 ? '+' : '-'}${(100 * Math.abs(gain)).toFixed(1)} points`;
  return `| ${[name, documents, ...shares.map(percent), points].join(' | ')} |`;
}

function maskedRow(
  name: string,
  stages: readonly StageScores[],
  show: (score: MaskedLmScore) => string,
): string {
  return `| ${[name, '', ...stages.map(({ maskedLm }) => show(maskedLm)), ''].join(' | ')} |`;
}

function verdict(untrained: readonly SetScore[], trained: readonly SetScore[]): string {
  const [before, after] = [overall(untrained), overall(trained)];
  const gain = 100 * (after.right / after.documents - before.right / before.documents);
  const behind = trained.filter(({ right }, i) => right <= untrained[i]!.right);
  const names = behind.map(({ name }) => name).join(', ');
  const exception = behind.length === 0 ? 'on every set' : `but not on ${names}`;
  return gain > 0
    ? `Training beats no training by ${gain.toFixed(1)} points over all notes, ${exception}.`
    : `Training does not beat no training over all notes (${gain.toFixed(1)} points).`;
}
