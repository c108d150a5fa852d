/** The planned comparisons, with the chance that there is no difference. */
import { html, nothing, type TemplateResult } from 'lit';
import { formatChance } from '../shared/format.js';
import { pointsText } from './figureTexts.js';
import { protocolOf, settingsOf, shownShots, type EvaluationState, type Report } from './state.js';

export function comparisonsTable(
  state: EvaluationState,
  report: Report,
): TemplateResult | typeof nothing {
  const protocol = protocolOf(state, report);
  const shots = shownShots(state, settingsOf(state, report));
  const rows = report.comparisons.filter(
    (each) =>
      each.protocol === protocol &&
      each.shots === shots &&
      each.withoutWords === state.withoutWords,
  );
  if (rows.length === 0) return nothing;
  return html`<section aria-label="Differences">
    <div class="section-head"><h2>Differences, ${labelsText(shots)}</h2></div>
    <div class="scroll">
      <table class="differences">
        <caption>
          In points of macro F1, each model against its base and against TF-IDF. The last column
          allows for the number of comparisons (Holm).
        </caption>
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">Against</th>
            <th scope="col" class="number">Difference</th>
            <th scope="col" class="number">p</th>
            <th scope="col" class="number">p, adjusted</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ a, b, difference, p, pHolm }) =>
              html`<tr>
                <th scope="row">${a}</th>
                <td>${b}</td>
                <td class="number">${pointsText(difference)}</td>
                <td class="number">${formatChance(p)}</td>
                <td class="number">${formatChance(pHolm)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function labelsText(shots: number | 'all'): string {
  return shots === 'all' ? 'with all labels' : `with ${shots} labels per class`;
}
