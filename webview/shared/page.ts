import { render, type TemplateResult } from 'lit';
import type { MessageSchemas, Named } from '../../src/protocol/messages.js';
import { openPort, type Port } from './port.js';
import { onThemeChange, readTheme, type Theme } from './theme.js';

export interface PageOptions<State, HostMessage extends Named> {
  readonly schemas: MessageSchemas<HostMessage>;
  readonly start: State;
  /** How a message changes the state. */
  readonly receive: (message: HostMessage, state: State) => Partial<State>;
  /** How a new width changes the state; omitted if the style sheet handles it. */
  readonly resized?: (width: number) => Partial<State>;
  readonly view: (state: State, theme: Theme) => TemplateResult;
  /** Called after the view has been rendered, for anything that lit does not draw. */
  readonly drawn?: (state: State, theme: Theme) => void;
}

export interface Page<State, PanelMessage> extends Port<PanelMessage> {
  readonly root: HTMLElement;
  state(): State;
  /** Redraws in the next frame, once for any number of changes. */
  change(part: Partial<State>): void;
  /** Changes the state without a redraw: the caller updates whatever shows it. */
  changeUnseen(part: Partial<State>): void;
  /** Redraws at once, for a caller that needs the new elements. */
  draw(): void;
}

/** Common to all panels: holds the state, draws it, and updates it on messages, theme and width changes. */
export function openPage<State extends object, HostMessage extends Named, PanelMessage>(
  options: PageOptions<State, HostMessage>,
): Page<State, PanelMessage> {
  const { schemas, receive, resized, view, drawn } = options;
  const root = document.getElementById('app') ?? document.body;
  let state = options.start;
  let frame = 0;

  function draw(): void {
    cancelAnimationFrame(frame);
    frame = 0;
    const theme = readTheme();
    render(view(state, theme), root);
    drawn?.(state, theme);
  }

  function schedule(): void {
    if (frame === 0) frame = requestAnimationFrame(draw);
  }

  function changeUnseen(part: Partial<State>): void {
    state = { ...state, ...part };
  }

  function change(part: Partial<State>): void {
    changeUnseen(part);
    schedule();
  }

  if (resized !== undefined) {
    changeUnseen(resized(root.clientWidth));
    new ResizeObserver(() => change(resized(root.clientWidth))).observe(root);
  }
  onThemeChange(schedule);
  // A key may follow another within a frame: its handler must know what the one before changed.
  const drawScheduled = (): void => {
    if (frame !== 0) draw();
  };
  root.addEventListener('keydown', drawScheduled, { capture: true });
  schedule();
  const port = openPort<HostMessage, PanelMessage>(schemas, (message) =>
    change(receive(message, state)),
  );
  return { ...port, root, state: () => state, change, changeUnseen, draw };
}
