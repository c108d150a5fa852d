/** Clusters and communities: what they are about, and their typical and odd notes. */
import { html, nothing, type TemplateResult } from 'lit';
import { groupingEntries, groupingNames } from '../../src/protocol/catalogue/analysis.js';
import type { ShownGroup } from '../../src/protocol/analysisPanel.js';
import { radios, select } from '../shared/fields.js';
import { formatCount } from '../shared/format.js';
import { noteLinks, percent, table } from './tables.js';
import type { Drawn } from './drawn.js';

export function groupsSection(drawn: Drawn): TemplateResult | typeof nothing {
  const { state, content, actions } = drawn;
  const space = content.models[state.model];
  if (space === undefined) return nothing;
  const rows = space.groups[state.grouping];
  const title = groupingEntries[state.grouping];
  return html`<section aria-label="Groups">
    <div class="section-head">
      <h2>Groups</h2>
      ${modelChoice(drawn, 'groups-model')}
      ${radios({
        legend: 'By',
        name: 'grouping',
        options: groupingNames.map((value) => ({ value, label: groupingEntries[value] })),
        chosen: state.grouping,
        choose: (grouping) => actions.change({ grouping }),
      })}
    </div>
    <p class="muted intro">${space.graph}</p>
    ${
      rows.length === 0
        ? html`<p>There are none.</p>`
        : table<ShownGroup>(drawn, {
            name: 'groups',
            caption: `${title} in ${space.name}, largest first`,
            rows,
            columns: [
              {
                column: 'category',
                label: 'Mostly',
                value: ({ category }) => category?.name ?? null,
                cell: ({ category }) =>
                  category === null ? '–' : `${category.name} (${percent(category.share)})`,
              },
              {
                column: 'size',
                label: 'Notes',
                isNumber: true,
                value: ({ size }) => size,
                cell: ({ size }) => formatCount(size),
              },
              ...(content.hideText
                ? []
                : [
                    {
                      column: 'keywords',
                      label: 'Keywords',
                      value: ({ keywords }: ShownGroup) => keywords.join(', '),
                      cell: ({ keywords }: ShownGroup) =>
                        html`<span class="keywords">${keywords.join(', ')}</span>`,
                    },
                  ]),
              {
                column: 'typical',
                label: 'Typical notes',
                value: ({ typical }) => typical.length,
                cell: ({ typical }) => noteLinks(drawn, typical),
              },
              {
                column: 'odd',
                label: 'Odd notes',
                value: ({ odd }) => odd.length,
                cell: ({ odd }) => noteLinks(drawn, odd),
              },
            ],
          })
    }
  </section>`;
}

/** Whose groups and notes are listed; nothing to choose with one model. */
export function modelChoice(
  { state, content, actions }: Drawn,
  name: string,
): TemplateResult | typeof nothing {
  if (content.models.length < 2) return nothing;
  return select({
    legend: 'Model',
    name,
    options: content.models.map((space, value) => ({ value, label: space.name })),
    chosen: state.model,
    choose: (model) => actions.change({ model }),
  });
}
