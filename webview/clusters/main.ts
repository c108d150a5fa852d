import { render } from 'lit';
import type { ClustersHostMessage, ClustersPanelMessage } from '../../src/protocol/panels.js';
import { openPort } from '../shared/port.js';
import { onThemeChange, readTheme } from '../shared/theme.js';
import type { ClustersActions } from './actions.js';
import { createMap } from './map.js';
import { clustersHostMessage } from './messages.js';
import { type ClustersState, startOver, startState } from './state.js';
import { clustersView } from './view.js';
import './clusters.css';

const root = document.getElementById('app') ?? document.body;
let state: ClustersState = startState;

const map = createMap({
  open: (point) => port.send({ type: 'open', point }),
  hover: point,
});

const actions: ClustersActions = {
  open: (point) => port.send({ type: 'open', point }),
  run: (command) => port.send({ type: 'action', command }),
  setHidden: (hidden) => change({ hidden, row: 0 }),
  search: (search) => change({ search, row: 0 }),
  activate: (row, point) => {
    change({ row, hovered: point });
    if (point !== null) map.reveal(point);
    root.querySelectorAll<HTMLElement>('[role=option]')[row]?.focus();
  },
  focused: (row, point) => {
    if (state.hovered !== point) actions.activate(row, point);
  },
  map,
};

const port = openPort<ClustersHostMessage, ClustersPanelMessage>(clustersHostMessage, (message) => {
  if (message.type === 'highlight') {
    change({ highlight: message.point });
    if (message.point !== null) map.reveal(message.point);
  } else {
    change(startOver(message));
  }
});

/** The pointer moves often, and changes nothing but what lies over the points. */
function point(hovered: number | null): void {
  if (hovered === state.hovered) return;
  state = { ...state, hovered };
  map.point(state);
}

function change(part: Partial<ClustersState>): void {
  state = { ...state, ...part };
  update();
}

function update(): void {
  const theme = readTheme();
  render(clustersView(state, theme, actions), root);
  map.update(state, theme);
}

onThemeChange(update);
update();
