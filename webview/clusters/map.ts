import { html, nothing, render, svg, type TemplateResult } from 'lit';
import type { Outline } from '../shared/area.js';
import { chooseRenderer, createScatterPlot, hasWebGl } from '../shared/createScatterPlot.js';
import type { ScatterPlot, ScatterPlotEvents } from '../shared/scatterPlot.js';
import type { Theme } from '../shared/theme.js';
import { type Pixel, toPixel, toPlace } from '../shared/viewport.js';
import { createSelectLayer, pathOf } from './selectLayer.js';
import { categoryName, type ClustersState, pointName, type PointsMessage } from './state.js';

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
  let drawn: { readonly message: PointsMessage; readonly look: string } | null = null;
  let drawing: Promise<void> = Promise.resolve();

  function paintOverlay(): void {
    const message = shown?.message;
    const below = plot;
    if (below === null || shown === null || message === undefined || message !== drawn?.message) {
      render(nothing, overlay);
      return;
    }
    const locate = (point: number): Pixel => below.locate(point);
    const outline = shown.selection?.outline.map(({ x, y }) => toPixel(below.view(), x, y));
    render(overlayView(shown, drawn.message, locate, outline ?? [], element.clientWidth), overlay);
  }

  async function draw(state: ClustersState, message: PointsMessage, theme: Theme): Promise<void> {
    const another = drawn?.message !== message;
    const wanted = chooseRenderer(message.x.length, webGl);
    if (plot?.renderer !== wanted) {
      plot?.dispose();
      plot = await createScatterPlot(picture, wanted, { ...events, moved: paintOverlay });
      element.dataset['renderer'] = wanted;
    }
    await plot.draw(
      {
        x: message.x,
        y: message.y,
        category: message.category,
        style: (category) => theme.category(category),
        isVisible: (category) => !state.hidden.has(category),
      },
      another,
    );
    drawn = { message, look: lookOf(state, theme) };
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
          if (drawn?.message === message && drawn.look === lookOf(state, theme)) return;
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
  };
}

/** The parts of state and theme that affect the plot itself. */
function lookOf(state: ClustersState, theme: Theme): string {
  return JSON.stringify([theme.dark, theme.highContrast, theme.muted, [...state.hidden].sort()]);
}

function overlayView(
  state: ClustersState,
  message: PointsMessage,
  locate: (point: number) => Pixel,
  outline: Outline,
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
  return html`<svg aria-hidden="true">
      ${outline.length === 0 ? nothing : svg`<path class="outline" d=${pathOf(outline)} />`}
      ${open === null ? nothing : ring(open, 'open')}
      ${named === null ? nothing : ring(named, 'hovered')}
    </svg>
    ${open === null || open === named ? nothing : openLabel(message, open, locate(open), width)}
    ${named === null ? nothing : tooltip(message, named, named === open, locate(named), width)}`;
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
    <span class="muted">${categoryName(message, point)}${isOpen ? ' · open' : ''}</span>
  </div>`;
}
