/** What changes from one model to another: pairs of categories, and the notes that moved. */
import { html, type TemplateResult } from 'lit';
import type { SpaceChange } from '../../src/protocol/analysisPanel.js';
import {
  chanceColumn,
  decimals,
  differenceCell,
  noteLink,
  noteName,
  percent,
  table,
} from './tables.js';
import type { Drawn } from './drawn.js';

export function changesSection(drawn: Drawn): TemplateResult {
  return html`${drawn.content.changes.map((change, at) => changeSection(drawn, change, at))}`;
}

function changeSection(
  drawn: Drawn,
  { a, b, separations, moved }: SpaceChange,
  at: number,
): TemplateResult {
  const title = `from ${b} to ${a}`;
  return html`<section aria-label="What changed ${title}">
    <div class="section-head">
      <h2>What changed</h2>
      <h3>${title}</h3>
    </div>
    ${table(drawn, {
      name: `separations-${at}`,
      caption: 'How far apart each two categories are: 1 far apart, 0 not at all',
      rows: separations,
      columns: [
        {
          column: 'pair',
          label: 'Categories',
          value: ({ first, second }) => `${first} and ${second}`,
        },
        {
          column: 'before',
          label: 'Before',
          isNumber: true,
          value: ({ before }) => before,
          cell: ({ before }) => decimals(before),
        },
        {
          column: 'after',
          label: 'After',
          isNumber: true,
          value: ({ after }) => after,
          cell: ({ after }) => decimals(after),
        },
        {
          column: 'difference',
          label: 'Difference',
          isNumber: true,
          value: ({ difference }) => difference.mean,
          cell: ({ difference }) => differenceCell(decimals, difference),
        },
        chanceColumn('pHolm'),
      ],
    })}
    ${table(drawn, {
      name: `moved-${at}`,
      caption: 'Notes with the fewest nearest neighbours in common',
      rows: moved,
      columns: [
        {
          column: 'note',
          label: 'Note',
          value: ({ note }) => noteName(drawn, note),
          cell: ({ note }) => noteLink(drawn, note),
        },
        {
          column: 'overlap',
          label: 'Same neighbours',
          isNumber: true,
          value: ({ overlap }) => overlap,
          cell: ({ overlap }) => percent(overlap),
        },
        { column: 'from', label: 'Was mostly among', value: ({ from }) => from },
        { column: 'to', label: 'Is mostly among', value: ({ to }) => to },
      ],
    })}
  </section>`;
}
