/** The map as it is shown, to be saved: drawn alike as a picture, a drawing or a page. */
import { symbolPath } from '../../src/core/report/drawing/palette.js';
import { scaleColour, scaleSteps } from '../../src/core/report/drawing/scale.js';
import type { MapPicture } from '../../src/protocol/catalogue/map.js';
import { pointOpacity, pointSize } from '../shared/scatterPlot.js';
import type { Theme } from '../shared/theme.js';
import { toPixel, type Viewport } from '../shared/viewport.js';
import { canvasPen } from './canvasPen.js';
import {
  activeColumn,
  drawnCodes,
  legendEntries,
  pointStyle,
  scaleText,
  valueStyle,
  visiblePoints,
} from './columns.js';
import { placedNames } from './map.js';
import type { Pen } from './pen.js';
import type { PointsMessage } from './content.js';
import { type ClustersState, pointName } from './state.js';
import { escapeText, svgPen } from './svgPen.js';

export interface Scene {
  readonly state: ClustersState;
  readonly message: PointsMessage;
  readonly theme: Theme;
  readonly view: Viewport;
  /** Whether the notes' names are in it. */
  readonly hasNames: boolean;
}

const legendWidth = 240;
const rowHeight = 20;
const headHeight = 44;

export async function renderPicture(
  picture: MapPicture,
  scene: Scene,
): Promise<Uint8Array<ArrayBuffer>> {
  const size = sizeOf(scene);
  if (picture === 'png') {
    const { pen, finish } = canvasPen(size);
    draw(scene, pen, size);
    return finish();
  }
  const { pen, finish } = svgPen(size);
  draw(scene, pen, size);
  const drawing = finish();
  const text = picture === 'svg' ? drawing : pageOf(scene, drawing);
  return new TextEncoder().encode(text);
}

interface Size {
  readonly width: number;
  readonly height: number;
}

function sizeOf({ state, message, view }: Scene): Size {
  const column = activeColumn(message, state.colour);
  const rows = column === null ? 0 : legendEntries(column).length + 3;
  return {
    width: Math.round(view.width) + (column === null ? 0 : legendWidth),
    height: Math.max(Math.round(view.height), headHeight + rows * rowHeight + 20),
  };
}

function draw(scene: Scene, pen: Pen, { width, height }: Size): void {
  const { state, message, theme, view, hasNames } = scene;
  const column = activeColumn(message, state.colour);
  const codes = drawnCodes(message, column, state.found?.points ?? null);
  const visible = visiblePoints(message, state.filters);
  const size = pointSize(message.x.length);
  pen.rectangle({ x: 0, y: 0, width, height, colour: theme.background });
  const styles = [...new Set(codes)].map((code) => ({ code, ...pointStyle(column, code, theme) }));
  // Those that step back first.
  styles.sort((a, b) => Number(b.isDim ?? false) - Number(a.isDim ?? false) || a.code - b.code);
  for (const style of styles) {
    const { code, colour, symbol } = style;
    const opacity = pointOpacity(message.x.length, style);
    pen.group(`c${code < 0 ? `x${-code}` : code}`);
    codes.forEach((own, point) => {
      if (own !== code || visible[point] !== 1) return;
      const { x, y } = toPixel(view, message.x[point] ?? NaN, message.y[point] ?? NaN);
      if (!(x >= -size && y >= -size && x <= view.width + size && y <= view.height + size)) return;
      const title = hasNames ? pointName(message, point) : null;
      pen.mark({ x, y, path: symbolPath(symbol, size), colour, opacity, title });
    });
    pen.groupEnd();
  }
  for (const { name, x, y } of placedNames(state, message, view)) {
    pen.text({
      ...{ x, y: y + 4, text: name, size: 12, isBold: true, isCentred: true },
      ...{ colour: theme.foreground, halo: theme.background },
    });
  }
  drawLegend(scene, pen);
}

function drawLegend({ state, message, theme, view }: Scene, pen: Pen): void {
  const column = activeColumn(message, state.colour);
  if (column === null) return;
  const left = Math.round(view.width) + 16;
  const hidden = state.filters.hidden.get(column.name);
  const plain = { size: 12, isBold: false, isCentred: false, halo: null };
  // What the points are behind.
  pen.rectangle({
    ...{ x: view.width, y: 0, width: legendWidth, height: 1e4, colour: theme.background },
  });
  pen.text({
    ...plain,
    x: left,
    y: 24,
    text: column.label,
    isBold: true,
    colour: theme.foreground,
  });
  let y = headHeight;
  if (column.kind === 'scale') {
    const step = (legendWidth - 32) / scaleSteps;
    for (let i = 0; i < scaleSteps; i++) {
      const colour = scaleColour(theme.dark, i);
      pen.rectangle({ x: left + i * step, y, width: step + 0.5, height: 10, colour });
    }
    const range = `${scaleText(column, column.first)} – ${scaleText(column, column.last)}`;
    pen.text({ ...plain, x: left, y: y + 28, text: range, colour: theme.muted });
    y += 3 * rowHeight;
  }
  for (const { code, name, count } of legendEntries(column)) {
    if (hidden?.has(code) === true || (column.kind === 'scale' && code >= 0)) continue;
    const { colour, symbol } = valueStyle(column, code, theme);
    pen.mark({ x: left + 6, y, path: symbolPath(symbol, 10), colour, opacity: 1, title: null });
    const text = `${name.length > 28 ? `${name.slice(0, 27)}…` : name} (${count})`;
    pen.text({ ...plain, x: left + 18, y: y + 4, text, colour: theme.foreground });
    y += rowHeight;
  }
}

/** Stands alone: no script, and nothing from elsewhere. */
function pageOf({ message, theme }: Scene, drawing: string): string {
  const title = escapeText(`Map of ${message.corpus}`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>
body { margin: 24px; color: ${theme.foreground}; background: ${theme.background}; font-family: sans-serif; }
h1 { font-size: 18px; }
svg { max-width: 100%; height: auto; }
</style>
</head>
<body>
<h1>${title}</h1>
${drawing}
</body>
</html>
`;
}
