import type { ClustersHostMessage, ClustersPanelMessage } from '../../src/protocol/panels.js';
import { pointsWithin } from '../shared/area.js';
import { openPage } from '../shared/page.js';
import type { ClustersActions } from './actions.js';
import { createNoteMap } from './map.js';
import { schemas } from './messages.js';
import { type ClustersState, startOver, startState } from './state.js';
import { clustersView } from './view.js';
import './clusters.css';

const page = openPage<ClustersState, ClustersHostMessage, ClustersPanelMessage>({
  schemas,
  start: startState,
  receive(message) {
    if (message.type !== 'highlight') return startOver(message);
    if (message.point !== null) map.reveal(message.point);
    return { highlight: message.point };
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
      page.change({ tool: null, selection, row: 0 });
    }
  },
});

const actions: ClustersActions = {
  open: (point) => page.send({ type: 'open', point }),
  run: (command) => page.send({ type: 'action', command }),
  setHidden: (hidden) => page.change({ hidden, row: 0 }),
  search(search) {
    page.change({ search, row: 0 });
    // At once, so that Tab leads into the new results rather than the old ones.
    page.draw();
  },
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
  clearSelection: () => page.change({ tool: null, selection: null, row: 0 }),
  map,
};
