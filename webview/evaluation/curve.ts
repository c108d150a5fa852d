/** The learning curve: how a figure grows with the number of labels, with its intervals as bands. */
import { html, nothing, type TemplateResult } from 'lit';
import { protocolEntries } from '../../src/protocol/catalogue/evaluation.js';
import type { FigureName } from '../../src/protocol/catalogue/protocols.js';
import { range, union } from '../../src/core/report/drawing/series.js';
import { lineChart, type Series } from '../shared/chart.js';
import { legendEntry } from '../shared/legendEntry.js';
import type { Theme } from '../shared/theme.js';
import type { EvaluationActions } from './actions.js';
import { checkbox, select } from '../shared/fields.js';
import { estimateText, heading, plain } from './figureTexts.js';
import {
  modelsOf,
  protocolOf,
  settingsOf,
  shotsOf,
  type EvaluationState,
  type Report,
  type Setting,
} from './state.js';

const padding = 20;

export function learningCurve(
  state: EvaluationState,
  report: Report,
  theme: Theme,
  actions: EvaluationActions,
): TemplateResult | typeof nothing {
  const main = settingsOf(state, report).filter(({ isMain }) => isMain);
  const shots = shotsOf(main);
  const measures = measuresOf(state, report, main);
  const measure = measures.find((name) => name === state.measure) ?? measures[0];
  if (shots.length < 2 || measure === undefined) return nothing;
  const all = modelsOf(report);
  const models = all.filter((name) => main.some(({ model }) => model === name));
  const shown = models.filter((name) => !state.hidden.has(name));
  const lines = shown.map((name) => {
    const colour = theme.palette[all.indexOf(name) % theme.palette.length] ?? theme.foreground;
    return lineOf(
      name,
      main.filter(({ model }) => model === name),
      measure,
      colour,
      shots,
    );
  });
  const drawn = lines.flatMap(({ band }) => [band.y, band.high ?? []]);
  const [low, high] = union(...drawn.map((values) => range(values))) ?? [0, 1];
  const room = Math.max((high - low) * 0.06, 0.01);
  const text = (value: number): string => plain(measure, value);
  return html`<section class="curve" aria-label="Learning curve">
    <div class="section-head">
      <h2>Learning curve</h2>
      ${select({
        legend: 'Figure',
        name: 'measure',
        options: measures.map((value) => ({ value, label: heading(value) })),
        chosen: measure,
        choose: (chosen) => actions.change({ measure: chosen }),
      })}
    </div>
    <fieldset class="legend">
      <legend class="visually-hidden">Models drawn</legend>
      ${models.map((name) => {
        const colour = theme.palette[all.indexOf(name) % theme.palette.length] ?? '';
        const isBaseline = main.some((each) => each.model === name && each.isBaseline);
        return checkbox(
          legendEntry(isBaseline ? 'dots' : 'points', colour, name),
          !state.hidden.has(name),
          (show) => actions.change({ hidden: toggled(state.hidden, name, show) }),
        );
      })}
    </fieldset>
    ${lineChart({
      width: state.width - 2 * padding,
      height: 320,
      series: [...lines.map(({ band }) => band), ...lines.map(({ line }) => line)],
      x: [-0.25, shots.length - 0.75],
      y: [Math.max(0, low - room), Math.min(1, high + room)],
      xTitle: 'Labels per class',
      places: shots.map((count, x) => ({ x, name: String(count) })),
      label: `${heading(measure)} of ${shown.join(', ')} with ${shots.join(', ')} labels per class`,
      formatX: (x) => String(shots[Math.min(shots.length - 1, Math.max(0, Math.round(x)))] ?? ''),
      formatY: text,
      pointer: state.pointer,
      onPointer: (pointer) => actions.change({ pointer }),
      readout: true,
    })}
  </section>`;
}

/** Figures of the protocol that are known with few labels too. */
function measuresOf(
  state: EvaluationState,
  report: Report,
  main: readonly Setting[],
): readonly FigureName[] {
  const protocol = protocolOf(state, report);
  if (protocol === null) return [];
  return protocolEntries[protocol].figures.filter((name) =>
    main.every(({ isBaseline, figures }) => isBaseline || figures[name] !== undefined),
  );
}

function lineOf(
  name: string,
  settings: readonly Setting[],
  measure: FigureName,
  colour: string,
  shots: readonly Setting['shots'][],
): { band: Series; line: Series } {
  const points = shots.flatMap((count, x) => {
    const found = settings.find((setting) => setting.shots === count);
    const figure = found?.figures[measure];
    return figure === undefined ? [] : [{ x, ...figure }];
  });
  const x = points.map((point) => point.x);
  const isBaseline = settings.some((setting) => setting.isBaseline);
  return {
    band: {
      name,
      colour,
      kind: 'band',
      x,
      y: points.map(({ low }) => low),
      high: points.map(({ high }) => high),
    },
    line: {
      name,
      colour,
      kind: isBaseline ? 'dots' : 'points',
      x,
      y: points.map(({ mean }) => mean),
      texts: points.map((point) => estimateText(measure, point)),
    },
  };
}

function toggled(hidden: ReadonlySet<string>, name: string, show: boolean): ReadonlySet<string> {
  const next = new Set(hidden);
  if (show) next.delete(name);
  else next.add(name);
  return next;
}
