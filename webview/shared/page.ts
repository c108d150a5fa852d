import { render, type TemplateResult } from 'lit';
import type { MessageSchemas, Named } from '../../src/protocol/messages.js';
import { openPort, type Port } from './port.js';
import { onThemeChange, readTheme, type Theme } from './theme.js';

export interface PageOptions<State, HostMessage extends Named> {
  readonly schemas: MessageSchemas<HostMessage>;
  readonly start: State;
  /** What a message changes. */
  readonly receive: (message: HostMessage, state: State) => Partial<State>;
  /** What another width of the page changes; left out where the style sheet is all that knows of it. */
  readonly resized?: (width: number) => Partial<State>;
  readonly view: (state: State, theme: Theme) => TemplateResult;
  /** The view is in the page: for what lit does not draw. */
  readonly drawn?: (state: State, theme: Theme) => void;
}

export interface Page<State, PanelMessage> extends Port<PanelMessage> {
  readonly root: HTMLElement;
  state(): State;
  /** Draws once in the next frame, however many changes come before it. */
  change(part: Partial<State>): void;
  /** For what changes often and is drawn by `drawn` and what follows it. */
  changeUnseen(part: Partial<State>): void;
  /** Draws at once, for a caller that looks for something in the page. */
  draw(): void;
}

/** What every panel does: keeps a state, draws it, and lets messages, theme and width change it. */
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
  schedule();
  const port = openPort<HostMessage, PanelMessage>(schemas, (message) =>
    change(receive(message, state)),
  );
  return { ...port, root, state: () => state, change, changeUnseen, draw };
}
