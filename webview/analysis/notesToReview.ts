/** Notes that are worth a look: possible mislabels, and those with passages that recur. */
import { html, nothing, type TemplateResult } from 'lit';
import { analysisCaptions } from '../../src/protocol/catalogue/analysis.js';
import type { RepeatedPassage } from '../../src/protocol/analysisPanel.js';
import { formatCount } from '../shared/format.js';
import { modelChoice } from './groups.js';
import { noteLink, noteName, percent, table } from './tables.js';
import type { Drawn } from './drawn.js';

const whereMore = ', in report.json of the run';

export function mislabelsSection(drawn: Drawn): TemplateResult | typeof nothing {
  const { state, content } = drawn;
  const space = content.models[state.model];
  if (space === undefined || content.models.every(({ mislabels }) => mislabels.length === 0)) {
    return nothing;
  }
  return html`<section aria-label="Possible mislabels">
    <div class="section-head">
      <h2>Possible mislabels</h2>
      ${modelChoice(drawn, 'mislabels-model')}
    </div>
    ${
      space.mislabels.length === 0
        ? html`<p>There are none in ${space.name}.</p>`
        : table(drawn, {
            name: 'mislabels',
            caption: 'Notes that lie among notes of another category',
            rows: space.mislabels,
            whereMore,
            columns: [
              {
                column: 'note',
                label: 'Note',
                value: ({ note }) => noteName(drawn, note),
                cell: ({ note }) => noteLink(drawn, note),
              },
              { column: 'category', label: 'Category', value: ({ category }) => category },
              {
                column: 'neighbours',
                label: 'Neighbours are',
                value: ({ neighboursAre }) => neighboursAre,
              },
              {
                column: 'share',
                label: 'Of the neighbours',
                isNumber: true,
                value: ({ share }) => share,
                cell: ({ share }) => percent(share),
              },
            ],
          })
    }
  </section>`;
}

export function repeatedSection(drawn: Drawn): TemplateResult | typeof nothing {
  const { passages } = drawn.content.repeated;
  if (passages.length === 0) return nothing;
  const hasText = passages.some(({ text }) => text !== null);
  const hasGroups = passages.some(({ groups }) => groups !== null);
  return html`<section aria-label="Passages that recur">
    <h2>Passages that recur</h2>
    ${table<RepeatedPassage>(drawn, {
      name: 'repeated',
      caption: analysisCaptions.repeated,
      rows: passages,
      whereMore,
      columns: [
        {
          column: 'first',
          label: 'For one in',
          value: ({ first }) => noteName(drawn, first),
          cell: ({ first }) => noteLink(drawn, first),
        },
        {
          column: 'notes',
          label: 'Notes',
          isNumber: true,
          value: ({ documents }) => documents,
          cell: ({ documents }) => formatCount(documents),
        },
        ...(hasGroups
          ? [
              {
                column: 'patients',
                label: 'Patients',
                isNumber: true,
                value: ({ groups }: RepeatedPassage) => groups,
                cell: ({ groups }: RepeatedPassage) =>
                  groups === null ? '–' : formatCount(groups),
              },
            ]
          : []),
        {
          column: 'words',
          label: 'Words',
          isNumber: true,
          value: ({ words }) => words,
          cell: ({ words }) => formatCount(words),
        },
        ...(hasText
          ? [
              {
                column: 'text',
                label: 'Passage',
                value: ({ text }: RepeatedPassage) => text,
                cell: ({ text }: RepeatedPassage) =>
                  html`<span class="passage">${text ?? ''}</span>`,
              },
            ]
          : []),
      ],
    })}
  </section>`;
}
