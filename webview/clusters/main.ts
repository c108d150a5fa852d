import type { ClustersHostMessage, ClustersPanelMessage } from '../../src/protocol/panels.js';
import { pointsWithin } from '../shared/area.js';
import { openPage } from '../shared/page.js';
import { readTheme } from '../shared/theme.js';
import type { ClustersActions } from './actions.js';
import { type Filters, noFilters, type Range } from './columns.js';
import { createNoteMap } from './map.js';
import { schemas } from './messages.js';
import { renderPicture } from './picture.js';
import { changed, type ClustersState, startOver, startState, undone } from './state.js';
import { clustersView } from './view.js';
import './clusters.css';

const page = openPage<ClustersState, ClustersHostMessage, ClustersPanelMessage>({
  schemas,
  start: startState,
  receive(message, state) {
    switch (message.type) {
      case 'highlight': {
        const { point: highlight, neighbours } = message;
        if (highlight !== null) map.reveal(highlight);
        return { highlight, neighbours };
      }
      case 'found':
        // What is asked by now may be something else.
        return isAsked(message, state) ? { found: message, row: 0 } : {};
      case 'render':
        void render(message);
        return {};
      default:
        return startOver(message);
    }
  },
  view: (state, theme) => clustersView(state, theme, actions),
  drawn: (state, theme) => map.update(state, theme),
});

const map = createNoteMap({
  open: (point) => page.send({ type: 'open', point }),
  hover(hovered) {
    if (hovered === page.state().hovered) return;
    // The pointer moves often; only the overlay changes, so the page is not redrawn.
    page.changeUnseen({ hovered });
    map.hover(page.state());
  },
  selected(outline) {
    const { message } = page.state();
    if (message?.type !== 'points' || outline === null) page.change({ tool: null });
    else {
      const selection = { outline, points: pointsWithin(message, outline) };
      page.change({ tool: null, ...changed(page.state(), { selection }) });
    }
  },
});

function isAsked(
  { text, mode }: { readonly text: string; readonly mode: string },
  { asked }: ClustersState,
): boolean {
  return asked.text.trim() === text && asked.mode === mode;
}

async function render({
  picture,
  hasNames,
}: Extract<ClustersHostMessage, { type: 'render' }>): Promise<void> {
  const state = page.state();
  const view = map.view();
  if (state.message?.type !== 'points' || view === null) return;
  const scene = { state, message: state.message, theme: readTheme(), view, hasNames };
  page.send({ type: 'rendered', picture, content: await renderPicture(picture, scene) });
}

/** Milliseconds after the last key. */
const typingPause = 350;
let typing: ReturnType<typeof setTimeout> | undefined;
let isDragging = false;

function filter(filters: Filters): void {
  page.change(changed(page.state(), { filters }));
}

function withEntry<Value>(
  entries: ReadonlyMap<string, Value>,
  name: string,
  value: Value | null,
): ReadonlyMap<string, Value> {
  const next = new Map(entries);
  if (value === null) next.delete(name);
  else next.set(name, value);
  return next;
}

const actions: ClustersActions = {
  open: (point) => page.send({ type: 'open', point }),
  run: (command) => page.send({ type: 'action', command }),
  colourBy: (colour) => page.change(changed(page.state(), { colour })),
  setHidden(column, codes) {
    const { filters } = page.state();
    const hidden = withEntry(filters.hidden, column, codes.size === 0 ? null : codes);
    filter({ ...filters, hidden });
  },
  setRange(column, range: Range | null, isDragged) {
    const { filters } = page.state();
    const next = { ...filters, ranges: withEntry(filters.ranges, column, range) };
    // One drag is one change, however many values it passes.
    if (isDragging) page.change({ filters: next, row: 0 });
    else filter(next);
    isDragging = isDragged;
  },
  clearFilters: () => filter(noFilters),
  undo: () => page.change(undone(page.state())),
  showNames: (hasNames) => page.change({ hasNames }),
  search(search) {
    page.change({ search, row: 0 });
    // At once, so that Tab leads into the new results rather than the old ones.
    page.draw();
  },
  typed(text) {
    const { mode } = page.state().asked;
    page.change({ asked: { text, mode } });
    clearTimeout(typing);
    typing = setTimeout(() => actions.lookUp(text, mode), typingPause);
  },
  lookUp(text, mode) {
    clearTimeout(typing);
    const isNone = text.trim() === '';
    page.change({ asked: { text, mode }, ...(isNone ? { found: null, row: 0 } : {}) });
    page.send({ type: 'search', text: text.trim(), mode });
  },
  take: (action, points) => page.send({ type: 'take', action, points }),
  save: () => page.send({ type: 'save' }),
  activate(row, point) {
    page.change({ row, hovered: point });
    page.draw();
    if (point !== null) map.reveal(point);
    page.root.querySelectorAll<HTMLElement>('[role=option]')[row]?.focus();
  },
  focused(row, point) {
    if (page.state().hovered !== point) actions.activate(row, point);
  },
  setTool: (tool) => page.change({ tool }),
  clearSelection() {
    const state = page.state();
    if (state.selection === null) page.change({ tool: null });
    else page.change({ tool: null, ...changed(state, { selection: null }) });
  },
  map,
};
