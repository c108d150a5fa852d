/** The remarks of the starter model's card: sources, licences, scores, limits. */
import { overall } from './score.js';
import type { SetScore } from './score.js';
import type { SplitSet } from './sources.js';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

export interface StarterScores {
  /** Random weights. */
  readonly untrained: readonly SetScore[];
  /** Random weights and word vectors, before pre-training. */
  readonly start: readonly SetScore[];
  readonly trained: readonly SetScore[];
}

export function starterRemarks(sets: readonly SplitSet[], scores: StarterScores): string[] {
  const { untrained, start, trained } = scores;
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
      'of the same patient or visit left out: of the same model with random weights (untrained), with word',
      'vectors before pre-training (start), and as it is (trained).',
      '',
      '| set | notes | untrained | start | trained | trained - untrained |',
      '|---|---|---|---|---|---|',
      ...untrained.map((before, i) => row(before, start[i]!, trained[i]!)),
      row(overall(untrained), overall(start), overall(trained)),
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

function row(untrained: SetScore, start: SetScore, trained: SetScore): string {
  const shares = [untrained, start, trained].map(({ right, documents }) => right / documents);
  const gain = shares[2]! - shares[0]!;
  const points = `${gain >= 0 ? '+' : '-'}${(100 * Math.abs(gain)).toFixed(1)} points`;
  const cells = [untrained.name, untrained.documents, ...shares.map(percent), points];
  return `| ${cells.join(' | ')} |`;
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
