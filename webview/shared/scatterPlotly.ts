import {
  type Layout,
  type PlotlyElement,
  purge,
  react,
  relayout,
  type ScatterTrace,
} from 'plotly.js-strict-dist-min';
import type { PointSymbol } from '../../src/core/report/drawing/palette.js';
import {
  pointOpacity,
  type ScatterPlot,
  type ScatterPlotEvents,
  type PointSet,
  pointSize,
  type PointStyle,
} from './scatterPlot.js';
import {
  fitViewport,
  panViewport,
  revealViewport,
  toPixel,
  type Viewport,
  zoomViewport,
} from './viewport.js';

export function createScatterPlotly(
  container: HTMLElement,
  events: ScatterPlotEvents,
): ScatterPlot {
  const element = document.createElement('div');
  element.className = 'scatter-plotly';
  container.replaceChildren(element);
  let set: PointSet | null = null;
  let view = fitViewport(new Float32Array(0), new Float32Array(0), 1, 1);
  let listening = false;
  let drawing: Promise<unknown> = Promise.resolve();

  /** Plotly draws asynchronously: calls are queued, and a failed one does not block the next. */
  function queue(step: () => Promise<unknown>): Promise<void> {
    const done = drawing.then(step).then(() => undefined);
    drawing = done.catch((error: unknown) => console.error(error));
    return done;
  }

  function look(next: Viewport): void {
    view = next;
    events.moved();
    void queue(() => relayout(element, ranges(view)));
  }

  function listen(plot: PlotlyElement): void {
    listening = true;
    plot.on('plotly_hover', ({ points }) => {
      container.classList.add('on-point');
      events.hover(points[0]?.customdata ?? null);
    });
    plot.on('plotly_unhover', () => {
      container.classList.remove('on-point');
      events.hover(null);
    });
    plot.on('plotly_click', ({ points }) => {
      const point = points[0]?.customdata;
      if (point !== undefined) events.open(point);
    });
    // Dragging and zooming change plotly's own axis ranges.
    for (const event of ['plotly_relayouting', 'plotly_relayout'] as const) {
      plot.on(event, (change) => {
        view = changedView(view, change);
        events.moved();
      });
    }
  }

  const fit = (shown: PointSet): Viewport =>
    fitViewport(shown.x, shown.y, container.clientWidth, container.clientHeight);

  return {
    renderer: 'plotly',
    draw(next, fitAll) {
      set = next;
      return queue(async () => {
        if (fitAll) view = fit(next);
        const plot = await react(element, traces(next), layout(view), config);
        if (!listening) listen(plot);
        events.moved();
      });
    },
    locate: (point) => toPixel(view, set?.x[point] ?? 0, set?.y[point] ?? 0),
    view: () => view,
    zoom: (factor) => look(zoomViewport(view, factor)),
    pan: (dx, dy) => look(panViewport(view, dx, dy)),
    fit: () => {
      if (set !== null) look(fit(set));
    },
    reveal: (point) => look(revealViewport(view, set?.x[point] ?? 0, set?.y[point] ?? 0)),
    resize: () => look({ ...view, width: container.clientWidth, height: container.clientHeight }),
    dispose: () => {
      purge(element);
      element.remove();
    },
  };
}

const config = { displayModeBar: false, scrollZoom: true, doubleClick: false, responsive: false };

const symbolNames: Readonly<Record<PointSymbol, string>> = {
  circle: 'circle',
  diamond: 'diamond',
  square: 'square',
  triangle: 'triangle-up',
};

/** One trace per category: the coordinates and indices of its points. */
function traces(set: PointSet): ScatterTrace[] {
  const members = new Map<number, number[]>();
  for (const [point, category] of set.category.entries()) {
    if (!set.isVisible(point)) continue;
    const list = members.get(category);
    if (list === undefined) members.set(category, [point]);
    else list.push(point);
  }
  const drawn = [...members].map(([category, points]) => ({
    points,
    style: set.style(category),
  }));
  // Later traces lie above.
  const ordered = [...drawn.filter(isDim), ...drawn.filter((one) => !isDim(one))];
  return ordered.map(({ points, style }) => {
    const { colour, symbol } = style;
    return {
      type: 'scattergl',
      mode: 'markers',
      x: Float32Array.from(points, (i) => set.x[i] ?? NaN),
      y: Float32Array.from(points, (i) => set.y[i] ?? NaN),
      customdata: Int32Array.from(points),
      hoverinfo: 'none',
      marker: {
        color: colour,
        symbol: symbolNames[symbol],
        size: pointSize(set.x.length),
        opacity: pointOpacity(set.x.length, style),
        line: { width: 0 },
      },
    };
  });
}

function isDim({ style }: { readonly style: PointStyle }): boolean {
  return style.isDim === true;
}

function layout(view: Viewport): Layout {
  const { 'xaxis.range': x, 'yaxis.range': y, width, height } = ranges(view);
  const axis = { visible: false, showgrid: false, zeroline: false, fixedrange: false };
  return {
    width,
    height,
    margin: { l: 0, r: 0, t: 0, b: 0 },
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    xaxis: { ...axis, range: x },
    yaxis: { ...axis, range: y },
    dragmode: 'pan',
    hovermode: 'closest',
    hoverdistance: 10,
    showlegend: false,
  };
}

function ranges(view: Viewport) {
  const [halfX, halfY] = [view.width / 2 / view.scale, view.height / 2 / view.scale];
  return {
    'xaxis.range': [view.centreX - halfX, view.centreX + halfX],
    'yaxis.range': [view.centreY - halfY, view.centreY + halfY],
    width: view.width,
    height: view.height,
  };
}

function changedView(view: Viewport, change: Readonly<Record<string, unknown>>): Viewport {
  const end = (key: string): number | null => {
    const value = change[key];
    return typeof value === 'number' ? value : null;
  };
  const [left, right] = [end('xaxis.range[0]'), end('xaxis.range[1]')];
  const [bottom, top] = [end('yaxis.range[0]'), end('yaxis.range[1]')];
  if (left === null || right === null || bottom === null || top === null) return view;
  return {
    ...view,
    centreX: (left + right) / 2,
    centreY: (bottom + top) / 2,
    scale: view.width / Math.max(right - left, 1e-12),
  };
}
