/** Every measure of each model with its interval, and the differences of models. */
import { html, nothing, type TemplateResult } from 'lit';
import {
  analysisFigures,
  analysisFigureText,
  analysisPartNames,
  analysisParts,
  figuresOfPart,
  type AnalysisFigureName,
  type AnalysisPart,
} from '../../src/protocol/catalogue/analysis.js';
import { chanceColumn, differenceCell, figureCell, table } from './tables.js';
import type { Drawn } from './drawn.js';

export function figuresSections(drawn: Drawn): TemplateResult {
  return html`${analysisPartNames.map((part) => partSection(drawn, part))}`;
}

function partSection(drawn: Drawn, part: AnalysisPart): TemplateResult | typeof nothing {
  const { models } = drawn.content;
  const rows = figuresOfPart(part).filter((name) =>
    models.some(({ figures }) => figures[name] !== undefined),
  );
  if (rows.length === 0) return nothing;
  return html`<section aria-label=${analysisParts[part]}>
    <h2>${analysisParts[part]}</h2>
    ${table(drawn, {
      name: `figures-${part}`,
      caption: `${analysisParts[part]}, with 95 % intervals`,
      isCaptionHidden: true,
      rows,
      columns: [
        {
          column: 'figure',
          label: 'Figure',
          value: (name) => analysisFigures[name].label,
          cell: (name) =>
            html`${analysisFigures[name].label}
              <span class="sentence">${analysisFigures[name].sentence}</span>`,
        },
        ...models.map(({ name: model, figures }, at) => ({
          column: `model-${at}`,
          label: model,
          isNumber: true,
          value: (name: AnalysisFigureName) => figures[name]?.value ?? null,
          cell: (name: AnalysisFigureName) =>
            figureCell(name, figures[name], bestOf(drawn, name) === figures[name]?.value),
        })),
      ],
    })}
  </section>`;
}

/** `null` where no direction is better, or nothing stands beside it. */
function bestOf({ content }: Drawn, name: AnalysisFigureName): number | null {
  const { better } = analysisFigures[name];
  const values = content.models.flatMap(({ figures }) => figures[name]?.value ?? []);
  if (better === null || values.length < 2) return null;
  return better === 'higher' ? Math.max(...values) : Math.min(...values);
}

export function differencesSection(drawn: Drawn): TemplateResult | typeof nothing {
  const { comparisons } = drawn.content;
  if (comparisons.length === 0) return nothing;
  return html`<section aria-label="Differences">
    <h2>Differences of models</h2>
    ${table(drawn, {
      name: 'differences',
      caption:
        'Each model against its base, or against the first, on the same notes and resamples. The last column allows for the number of figures (Holm).',
      rows: comparisons,
      columns: [
        { column: 'figure', label: 'Figure', value: ({ figure }) => analysisFigures[figure].label },
        { column: 'model', label: 'Model', value: ({ a }) => a },
        { column: 'against', label: 'Against', value: ({ b }) => b },
        {
          column: 'difference',
          label: 'Difference',
          isNumber: true,
          value: ({ difference }) => difference.mean,
          cell: ({ figure, difference }) =>
            differenceCell((value) => analysisFigureText(figure, value), difference),
        },
        chanceColumn('p'),
        chanceColumn('pHolm'),
      ],
    })}
  </section>`;
}
