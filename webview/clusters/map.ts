import { html, nothing, render, svg, type TemplateResult } from 'lit';
import type { Outline } from '../shared/area.js';
import { chooseRenderer, createScatterPlot, hasWebGl } from '../shared/createScatterPlot.js';
import type { ScatterPlot, ScatterPlotEvents } from '../shared/scatterPlot.js';
import type { Theme } from '../shared/theme.js';
import { type Pixel, toPixel, toPlace, type Viewport } from '../shared/viewport.js';
import { createSelectLayer, pathOf } from './selectLayer.js';
import { activeColumn, drawnCodes, pointStyle, visiblePoints } from './columns.js';
import {
  groupCentres,
  namedColumn,
  nameWidth,
  type PlacedName,
  placeNames,
  shownCodes,
} from './groupNames.js';
import type { PointsMessage } from './content.js';
import { type ClustersState, pointName, pointValue } from './state.js';

/** A scatter plot of notes with an overlay: a ring around the open note, and the name under the pointer. */
export interface NoteMap {
  /** The plot's element, to be inserted by the view. */
  readonly element: HTMLElement;
  update(state: ClustersState, theme: Theme): void;
  /** Updates only what is under the pointer. */
  hover(state: ClustersState): void;
  zoom(factor: number): void;
  pan(dx: number, dy: number): void;
  fit(): void;
  reveal(point: number): void;
  /** What is in view; `null` before anything was drawn. */
  view(): Viewport | null;
}

export interface NoteMapEvents extends Omit<ScatterPlotEvents, 'moved'> {
  /** An area was drawn, in the map's own coordinates; `null`: none. */
  selected(outline: Outline | null): void;
}

export function createNoteMap(events: NoteMapEvents): NoteMap {
  const element = document.createElement('div');
  const picture = document.createElement('div');
  const overlay = document.createElement('div');
  element.className = 'map';
  picture.className = 'picture';
  overlay.className = 'overlay';
  const layer = createSelectLayer((outline) => {
    const view = plot?.view();
    const isNone = outline === null || view === undefined;
    events.selected(isNone ? null : outline.map((pixel) => toPlace(view, pixel)));
  });
  element.append(picture, overlay, layer.element);

  const webGl = hasWebGl();
  let plot: ScatterPlot | null = null;
  let shown: ClustersState | null = null;
  let wanted: ClustersState | null = null;
  let drawn: { readonly message: PointsMessage; readonly look: readonly unknown[] } | null = null;
  let drawing: Promise<void> = Promise.resolve();

  function paintOverlay(): void {
    const message = shown?.message;
    const below = plot;
    if (below === null || shown === null || message === undefined || message !== drawn?.message) {
      render(nothing, overlay);
      return;
    }
    const locate = (point: number): Pixel => below.locate(point);
    const view = below.view();
    const outline = shown.selection?.outline.map(({ x, y }) => toPixel(view, x, y));
    const names = placedNames(shown, drawn.message, view);
    render(
      overlayView(shown, drawn.message, locate, outline ?? [], names, element.clientWidth),
      overlay,
    );
  }

  async function draw(state: ClustersState, message: PointsMessage, theme: Theme): Promise<void> {
    const another = drawn?.message !== message;
    const wanted = chooseRenderer(message.x.length, webGl);
    if (plot?.renderer !== wanted) {
      plot?.dispose();
      plot = await createScatterPlot(picture, wanted, { ...events, moved: paintOverlay });
      element.dataset['renderer'] = wanted;
    }
    const column = activeColumn(message, state.colour);
    const visible = visiblePoints(message, state.filters);
    await plot.draw(
      {
        x: message.x,
        y: message.y,
        category: drawnCodes(message, column, state.found?.points ?? null),
        style: (code) => pointStyle(column, code, theme),
        isVisible: (point) => visible[point] === 1,
      },
      another,
    );
    drawn = { message, look: lookOf(state, message, theme) };
    paintOverlay();
  }

  new ResizeObserver(() => plot?.resize()).observe(element);

  return {
    element,
    update(state, theme) {
      shown = wanted = state;
      const { message } = state;
      layer.setTool(state.tool);
      paintOverlay();
      if (message?.type !== 'points') return;
      // One drawing at a time, and only if something visible changed.
      drawing = drawing
        .then(async () => {
          if (wanted !== state) return;
          const look = lookOf(state, message, theme);
          const isSame = look.every((part, at) => part === drawn?.look[at]);
          if (drawn?.message === message && isSame) return;
          await draw(state, message, theme);
        })
        .catch((error: unknown) => console.error(error));
    },
    hover(state) {
      shown = state;
      paintOverlay();
    },
    zoom: (factor) => plot?.zoom(factor),
    pan: (dx, dy) => plot?.pan(dx, dy),
    fit: () => plot?.fit(),
    reveal: (point) => plot?.reveal(point),
    view: () => plot?.view() ?? null,
  };
}

/** The parts of state and theme that affect the plot itself. */
function lookOf(state: ClustersState, message: PointsMessage, theme: Theme): readonly unknown[] {
  const { dark, highContrast, muted } = theme;
  const column = activeColumn(message, state.colour);
  return [dark, highContrast, muted, column, visiblePoints(message, state.filters), state.found];
}

/** Names of computed groups come from the notes' text: hidden with it. */
export function placedNames(
  state: ClustersState,
  message: PointsMessage,
  view: Viewport,
): readonly PlacedName[] {
  const column = namedColumn(message, state.colour);
  if (column === null || !state.hasNames || message.hideText) return [];
  const shown = shownCodes(column, visiblePoints(message, state.filters));
  const names = groupCentres(message, column).filter(({ code }) => shown.has(code));
  return placeNames(names, ({ x, y }) => toPixel(view, x, y), nameWidth, view);
}

function overlayView(
  state: ClustersState,
  message: PointsMessage,
  locate: (point: number) => Pixel,
  outline: Outline,
  names: readonly PlacedName[],
  width: number,
): TemplateResult {
  const { highlight, hovered } = state;
  const ring = (point: number, kind: string) => {
    const { x, y } = locate(point);
    const radius = kind === 'open' ? 10 : 8;
    return svg`<circle class="halo" cx=${x} cy=${y} r=${radius} />
      <circle class="ring ${kind}" cx=${x} cy=${y} r=${radius} />`;
  };
  const open = highlight === null || highlight >= message.x.length ? null : highlight;
  const named = hovered === null || hovered >= message.x.length ? null : hovered;
  const visible = visiblePoints(message, state.filters);
  const linked = open === null ? [] : state.neighbours.filter((point) => visible[point] === 1);
  const link = (from: Pixel, to: Pixel) => svg`<line class="link"
    x1=${from.x} y1=${from.y} x2=${to.x} y2=${to.y} />`;
  return html`<svg aria-hidden="true">
      ${open === null ? nothing : linked.map((point) => link(locate(open), locate(point)))}
      ${outline.length === 0 ? nothing : svg`<path class="outline" d=${pathOf(outline)} />`}
      ${open === null ? nothing : ring(open, 'open')}
      ${named === null ? nothing : ring(named, 'hovered')}
    </svg>
    ${names.map(
      ({ name, x, y }) =>
        html`<div class="group-name" .style=${`left: ${x}px; top: ${y}px`}>${name}</div>`,
    )}
    ${open === null || open === named ? nothing : openLabel(message, open, locate(open), width)}
    ${named === null ? nothing : tooltip(state, message, named, named === open, locate(named), width)}`;
}

function openLabel(
  message: PointsMessage,
  point: number,
  at: Pixel,
  width: number,
): TemplateResult {
  const place = at.x > width - 180 ? `right: ${width - at.x + 16}px` : `left: ${at.x + 16}px`;
  return html`<div class="open-label" .style=${`${place}; top: ${at.y}px`}>
    ${message.hideText ? 'Open note' : pointName(message, point)}
  </div>`;
}

function tooltip(
  state: ClustersState,
  message: PointsMessage,
  point: number,
  isOpen: boolean,
  at: Pixel,
  width: number,
): TemplateResult {
  // Horizontally centred on the point where possible; below it near the upper edge.
  const x = Math.min(Math.max(at.x, 145), Math.max(width - 145, 145));
  return html`<div
    class="tooltip ${at.y < 80 ? 'below' : ''}"
    .style=${`left: ${x}px; top: ${at.y}px`}
  >
    <b>${pointName(message, point)}</b>
    <span class="muted">${pointValue(state, message, point)}${isOpen ? ' · open' : ''}</span>
  </div>`;
}
