/** How alike the notes of each two categories are, in each model. */
import { html, nothing, type TemplateResult } from 'lit';
import { analysisCaptions } from '../../src/protocol/catalogue/analysis.js';
import type { ShownSpace } from '../../src/protocol/analysisPanel.js';
import { cosineCurves } from '../../src/core/report/drawing/histogram.js';
import { shadeOf } from '../../src/core/report/drawing/shade.js';
import { lineChart, type Series } from '../shared/chart.js';
import { radios } from '../shared/fields.js';
import { formatCount } from '../shared/format.js';
import { legendEntry } from '../shared/legendEntry.js';
import type { PairMeasure } from './state.js';
import { table } from './tables.js';
import type { Drawn } from './drawn.js';

const captions: Readonly<Record<PairMeasure, string>> = {
  cosine: analysisCaptions.cosines,
  separation: 'How far apart two categories are: 1 far apart, 0 not at all',
};

export function categoriesSection(drawn: Drawn): TemplateResult | typeof nothing {
  const { state, content, actions } = drawn;
  const { models, categories } = content;
  if (categories.length === 0) return nothing;
  return html`<section aria-label="Categories">
    <div class="section-head">
      <h2>Categories</h2>
      ${
        categories.length < 2
          ? nothing
          : radios<PairMeasure>({
              legend: 'Pairs',
              name: 'measure',
              options: [
                { value: 'cosine', label: 'mean cosine' },
                { value: 'separation', label: 'how far apart' },
              ],
              chosen: state.measure,
              choose: (measure) => actions.change({ measure }),
            })
      }
    </div>
    ${
      categories.length < 2
        ? nothing
        : html`<div class="beside">${models.map((space) => square(space, state.measure))}</div>
            <p class="muted intro">${analysisCaptions.histogram}</p>
            <div class="beside">${models.map((space, at) => distribution(drawn, space, at))}</div>`
    }
    ${table(drawn, {
      name: 'categories',
      caption: 'Words that set each category apart',
      rows: categories,
      columns: [
        { column: 'category', label: 'Category', value: ({ name }) => name },
        {
          column: 'notes',
          label: 'Notes',
          isNumber: true,
          value: ({ documents }) => documents,
          cell: ({ documents }) => formatCount(documents),
        },
        ...(content.hideText
          ? []
          : [
              {
                column: 'keywords',
                label: 'Keywords',
                value: ({ keywords }: (typeof categories)[number]) => keywords.join(', '),
                cell: ({ keywords }: (typeof categories)[number]) =>
                  html`<span class="keywords">${keywords.join(', ')}</span>`,
              },
            ]),
      ],
    })}
  </section>`;
}

function square({ name, pairs }: ShownSpace, measure: PairMeasure): TemplateResult {
  const names = [...new Set(pairs.map(({ first }) => first))];
  const valueAt = (a: string, b: string): number | null => {
    const pair = pairs.find(
      ({ first, second }) => (first === a && second === b) || (first === b && second === a),
    );
    return pair?.[measure]?.value ?? null;
  };
  const values = names.map((a) => names.map((b) => valueAt(a, b)));
  const shade = shadeOf(values.flat());
  return html`<div class="scroll">
    <table class="square heat" aria-label="${captions[measure]}, ${name}">
      <caption>
        ${captions[measure]}:
        <strong>${name}</strong>
      </caption>
      <thead>
        <tr>
          <td></td>
          ${names.map((each) => html`<th scope="col" title=${each}><span>${each}</span></th>`)}
        </tr>
      </thead>
      <tbody>
        ${names.map(
          (each, row) =>
            html`<tr>
              <th scope="row" title=${each}>${each}</th>
              ${(values[row] ?? []).map((value) =>
                value === null
                  ? html`<td style="--share: 0%">–</td>`
                  : html`<td .style=${`--share: ${Math.round(100 * shade(value))}%`}>
                      ${value.toFixed(2).replace('-', '−')}
                    </td>`,
              )}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

const chartWidth = 460;
const padding = 20;

/** The x axis is in hundredths, in which the chart reads out places. */
function distribution(
  { state, theme, actions }: Drawn,
  { name, histogram }: ShownSpace,
  at: number,
): TemplateResult {
  const curves = cosineCurves(histogram);
  if (curves === null) return html`<p>There are no pairs of notes with categories in ${name}.</p>`;
  const x = curves.x.map((cosine) => 100 * cosine);
  const series: readonly Series[] = [
    { name: 'same category', kind: 'line', colour: theme.palette[0] ?? '', x, y: curves.within },
    {
      name: 'different categories',
      kind: 'line',
      colour: theme.palette[1] ?? '',
      x,
      y: curves.between,
    },
  ];
  const top = [...curves.within, ...curves.between].reduce((a, b) => Math.max(a, b), 0);
  const cosine = (hundredths: number): string => (hundredths / 100).toFixed(2).replace('-', '−');
  const [first, last] = [x[0] ?? -100, x.at(-1) ?? 100];
  const step = last - first > 80 ? 20 : 10;
  const places = Array.from({ length: 21 }, (_, i) => -200 + i * step)
    .filter((place) => place >= first && place <= last)
    .map((place) => ({ x: place, name: cosine(place) }));
  return html`<div>
    <div class="legend">
      <h3>${name}</h3>
      ${series.map((each) => legendEntry(each.kind, each.colour, each.name))}
    </div>
    ${lineChart({
      width: Math.min(chartWidth, state.width - 2 * padding),
      height: 220,
      series,
      x: [first, last],
      y: [0, top * 1.05],
      xTitle: 'cosine',
      places,
      label: `Cosines of pairs of notes in ${name}`,
      formatX: cosine,
      formatY: (value) => `${value.toFixed(1)} %`,
      pointer: state.pointer?.model === at ? state.pointer.x : null,
      onPointer: (place) =>
        actions.change({ pointer: place === null ? null : { model: at, x: place } }),
      readout: true,
    })}
  </div>`;
}
