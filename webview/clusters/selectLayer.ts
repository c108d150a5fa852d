/** Lies over the map while an area is drawn on it, whoever draws the points. */
import { boxOutline, type Outline } from '../shared/area.js';
import type { Pixel } from '../shared/viewport.js';
import type { SelectTool } from './state.js';

export interface SelectLayer {
  readonly element: HTMLElement;
  /** `null`: the pointer moves the map. */
  setTool(tool: SelectTool | null): void;
}

/** Pixels between places of an outline: closer ones add nothing that can be seen. */
const stride = 3;

/** @param drawn takes what was drawn, in pixels; a click alone draws nothing */
export function createSelectLayer(drawn: (outline: Outline | null) => void): SelectLayer {
  const element = document.createElement('div');
  element.className = 'select-layer';
  element.hidden = true;
  const picture = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  line.setAttribute('class', 'outline');
  picture.append(line);
  element.append(picture);
  let tool: SelectTool | null = null;
  let places: Pixel[] = [];

  function outline(): Outline {
    const [first, last] = [places[0], places.at(-1)];
    if (tool !== 'box' || first === undefined || last === undefined) return places;
    return boxOutline(first, last);
  }

  function draw(): void {
    line.setAttribute('d', pathOf(outline()));
  }

  function stop(): void {
    places = [];
    draw();
  }

  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    element.setPointerCapture(event.pointerId);
    places = [{ x: event.offsetX, y: event.offsetY }];
  });
  element.addEventListener('pointermove', ({ offsetX: x, offsetY: y }) => {
    const last = places.at(-1);
    if (last === undefined || Math.hypot(x - last.x, y - last.y) < stride) return;
    places.push({ x, y });
    draw();
  });
  element.addEventListener('pointerup', () => {
    const found = outline();
    const isArea = places.length > 2;
    stop();
    drawn(isArea ? found : null);
  });
  element.addEventListener('pointercancel', stop);

  return {
    element,
    setTool(next) {
      tool = next;
      element.hidden = next === null;
      if (next === null) stop();
    },
  };
}

export function pathOf(outline: Outline): string {
  if (outline.length === 0) return '';
  return `M${outline.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}Z`;
}
