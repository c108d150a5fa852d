/**
 * As much of VS Code as panels and jobs use, for tests that need no editor: what `vscode` is in the unit
 * tests. `host` is what a test sets and sees; the rest is the API, as far as it is used.
 */

type Listener<T> = (value: T) => unknown;

export class EventEmitter<T> {
  private readonly listeners = new Set<Listener<T>>();
  readonly event = (listener: Listener<T>) => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };
  fire(value: T): void {
    for (const listener of [...this.listeners]) listener(value);
  }
  dispose(): void {
    this.listeners.clear();
  }
}

export class CancellationTokenSource {
  private readonly cancelled = new EventEmitter<void>();
  readonly token = {
    isCancellationRequested: false,
    onCancellationRequested: this.cancelled.event,
  };
  cancel(): void {
    this.token.isCancellationRequested = true;
    this.cancelled.fire();
  }
  dispose(): void {
    this.cancelled.dispose();
  }
}

const uri = (scheme: string, path: string, query = '') => ({
  scheme,
  path,
  query,
  fsPath: path,
  toString: () => `${scheme}:${path}${query === '' ? '' : `?${query}`}`,
});
type FakeUri = ReturnType<typeof uri>;

export const Uri = {
  file: (path: string) => uri('file', path),
  from: ({ scheme, path, query }: { scheme: string; path: string; query?: string }) =>
    uri(scheme, path, query),
  joinPath: (base: FakeUri, ...parts: string[]) =>
    uri(base.scheme, [base.path, ...parts].join('/')),
};

export class Position {
  constructor(
    readonly line: number,
    readonly character: number,
  ) {}
}

export class Range {
  constructor(
    readonly start: Position,
    readonly end: Position,
  ) {}
  /** Only within one line. */
  contains({ character }: Position): boolean {
    return character >= this.start.character && character <= this.end.character;
  }
}

export class Selection extends Range {}
export class ThemeColor {
  constructor(readonly id: string) {}
}
export const TextEditorRevealType = { InCenterIfOutsideViewport: 2 };

export class MarkdownString {
  value = '';
  supportHtml = false;
  isTrusted: unknown = false;

  appendText(text: string): void {
    this.value += text;
  }

  appendMarkdown(markdown: string): void {
    this.value += markdown;
  }
}

export class Hover {
  constructor(
    readonly contents: unknown,
    readonly range: unknown,
  ) {}
}

export class Disposable {
  static from(...items: readonly { dispose(): unknown }[]): Disposable {
    return new Disposable(() => items.forEach((item) => item.dispose()));
  }
  constructor(readonly dispose: () => unknown) {}
}

export class FakeWebview {
  options = {};
  html = '';
  readonly cspSource = 'fake:';
  readonly posted: { readonly type: string }[] = [];
  private readonly received = new EventEmitter<unknown>();
  readonly onDidReceiveMessage = this.received.event;
  asWebviewUri = (file: FakeUri) => file;
  postMessage(message: { readonly type: string }): Promise<boolean> {
    this.posted.push(message);
    return Promise.resolve(true);
  }
  /** What the page would say. */
  send(message: object): void {
    this.received.fire(message);
  }
}

interface PickItem {
  readonly label: string;
  readonly detail?: string;
  readonly value?: unknown;
}

interface Provider {
  resolveWebviewView(view: object): void;
}
interface Serializer {
  deserializeWebviewPanel(panel: object, state: unknown): Promise<void>;
}

const activeEditorChanged = new EventEmitter<unknown>();
const trusted = new EventEmitter<void>();
const selected = new EventEmitter<object>();
const configured = new EventEmitter<{ affectsConfiguration(key: string): boolean }>();

export const host = {
  settings: new Map<string, unknown>(),
  executed: [] as { readonly command: string; readonly args: readonly unknown[] }[],
  shown: [] as string[],
  progress: [] as { readonly title: string; cancel(): void }[],
  /** Lists that were offered, and file dialogues; `pick` says what is taken of a list. */
  lists: [] as (readonly PickItem[])[],
  dialogues: [] as object[],
  /** Texts of files and notes that the editor can open, by their URIs. */
  texts: new Map<string, string>(),
  /** What is chosen in a file dialogue. */
  file: null as string | null,
  pick: (_items: readonly PickItem[]): PickItem | undefined => undefined,
  /** What is ticked in a list with boxes; at first what was ticked when it opened. */
  tick: (_items: readonly PickItem[], ticked: readonly PickItem[]): readonly PickItem[] => ticked,
  /** What is typed into an input box; at first what stands there. */
  type: (value: string, _prompt: string): string => value,
  providers: new Map<string, Provider>(),
  serializers: new Map<string, Serializer>(),
  panels: [] as FakeWebview[],
  /** Opens a file in the editor, or closes all of them. */
  open(file: string | null): void {
    window.activeTextEditor =
      file === null ? undefined : { document: { uri: Uri.file(file), getText: () => '' } };
    activeEditorChanged.fire(window.activeTextEditor);
  },
  /** Changes a setting, as a user does while panels are open. */
  configure(key: string, value: unknown): void {
    host.settings.set(key, value);
    configured.fire({ affectsConfiguration: (asked) => asked === key });
  },
  trust(isTrusted: boolean): void {
    workspace.isTrusted = isTrusted;
    if (isTrusted) trusted.fire();
  },
  /** The webview of a view, as the editor makes it when somebody looks. */
  look(view: string): FakeWebview {
    const webview = new FakeWebview();
    const never = () => ({ dispose: () => undefined });
    const resolved = {
      webview,
      visible: true,
      onDidChangeVisibility: never,
      onDidDispose: never,
    };
    host.providers.get(view)?.resolveWebviewView(resolved);
    webview.send({ type: 'ready' });
    return webview;
  },
  reset(): void {
    host.settings.clear();
    host.executed.length = host.shown.length = host.progress.length = host.panels.length = 0;
    host.lists.length = host.dialogues.length = 0;
    host.texts.clear();
    window.visibleTextEditors.length = 0;
    host.pick = () => undefined;
    host.tick = (_items, ticked) => ticked;
    host.type = (value) => value;
    host.file = null;
    window.activeTextEditor = undefined;
    workspace.isTrusted = true;
  },
};

/** Shows a text as if it were one line. */
export class FakeEditor {
  selection: Range | null = null;
  /** Ranges of each kind of mark, in the order in which they were set. */
  readonly decorations: (readonly Range[])[] = [];
  readonly revealed: Range[] = [];
  readonly document;
  constructor(
    uri: FakeUri,
    text: string,
    readonly viewColumn: number,
  ) {
    this.document = {
      uri,
      getText: () => text,
      positionAt: (at: number) => new Position(0, at),
    };
  }
  setDecorations(_type: object, ranges: readonly Range[]): void {
    this.decorations.push(ranges);
  }
  revealRange(range: Range): void {
    this.revealed.push(range);
  }
  /** What a click does. */
  moveTo(character: number): void {
    const at = new Position(0, character);
    selected.fire({ textEditor: this, selections: [{ active: at }], kind: 2 });
  }
}

const none = () => ({ dispose: () => undefined });
const show = (message: string): Promise<undefined> => {
  host.shown.push(message);
  return Promise.resolve(undefined);
};

function createPanel() {
  const webview = new FakeWebview();
  const disposed = new EventEmitter<void>();
  host.panels.push(webview);
  return {
    webview,
    iconPath: undefined,
    reveal: () => undefined,
    onDidDispose: disposed.event,
    dispose: () => disposed.fire(),
  };
}

/** A list that is answered as soon as it is shown, or closed. */
function createQuickPick() {
  const [accepted, hidden] = [new EventEmitter<void>(), new EventEmitter<void>()];
  const pick = {
    items: [] as readonly PickItem[],
    activeItems: [] as readonly PickItem[],
    selectedItems: [] as readonly PickItem[],
    canSelectMany: false,
    placeholder: '',
    onDidAccept: accepted.event,
    onDidHide: hidden.event,
    onDidTriggerButton: none,
    show(): void {
      host.lists.push(pick.items);
      host.shown.push(pick.placeholder);
      const chosen = pick.canSelectMany ? undefined : host.pick(pick.items);
      if (pick.canSelectMany) pick.selectedItems = host.tick(pick.items, pick.selectedItems);
      else pick.activeItems = chosen === undefined ? [] : [chosen];
      const isAnswered = pick.canSelectMany || chosen !== undefined;
      (isAnswered ? accepted : hidden).fire();
    },
    dispose: () => undefined,
  };
  return pick;
}

function createInputBox() {
  const accepted = new EventEmitter<void>();
  const input = {
    value: '',
    prompt: '',
    validationMessage: '',
    onDidAccept: accepted.event,
    onDidHide: none,
    onDidChangeValue: none,
    onDidTriggerButton: none,
    show(): void {
      host.shown.push(input.prompt);
      input.value = host.type(input.value, input.prompt);
      accepted.fire();
    },
    dispose: () => undefined,
  };
  return input;
}

export const QuickPickItemKind = { Separator: -1, Default: 0 };
export const QuickInputButtons = { Back: {} };

export const window = {
  createQuickPick,
  createInputBox,
  activeTextEditor: undefined as
    { readonly document: { readonly uri: FakeUri; getText(): string } } | undefined,
  onDidChangeActiveTextEditor: activeEditorChanged.event,
  registerWebviewViewProvider(id: string, provider: Provider) {
    host.providers.set(id, provider);
    return none();
  },
  registerWebviewPanelSerializer(id: string, serializer: Serializer) {
    host.serializers.set(id, serializer);
    return none();
  },
  createWebviewPanel: createPanel,
  tabGroups: { activeTabGroup: {}, all: [] },
  visibleTextEditors: [] as FakeEditor[],
  onDidChangeTextEditorSelection: selected.event,
  createTextEditorDecorationType: none,
  showTextDocument(uri: FakeUri, { viewColumn }: { viewColumn: number }): Promise<FakeEditor> {
    const text = host.texts.get(uri.toString());
    if (text === undefined) return Promise.reject(new Error('The editor does not open it.'));
    const editor = new FakeEditor(uri, text, viewColumn);
    window.visibleTextEditors.push(editor);
    return Promise.resolve(editor);
  },
  showSaveDialog(options: object): Promise<object | undefined> {
    host.dialogues.push(options);
    return Promise.resolve(host.file === null ? undefined : Uri.file(host.file));
  },
  showQuickPick(
    items: readonly PickItem[],
    options: { readonly canPickMany?: boolean } = {},
  ): Promise<PickItem | readonly PickItem[] | undefined> {
    host.lists.push(items);
    return Promise.resolve(options.canPickMany === true ? host.tick(items, []) : host.pick(items));
  },
  showInputBox({ value = '', prompt = '' }: { value?: string; prompt?: string }): Promise<string> {
    host.shown.push(prompt);
    return Promise.resolve(host.type(value, prompt));
  },
  showOpenDialog(options: object): Promise<object[] | undefined> {
    host.dialogues.push(options);
    return Promise.resolve(host.file === null ? undefined : [Uri.file(host.file)]);
  },
  showInformationMessage: show,
  showWarningMessage: show,
  showErrorMessage: show,
  setStatusBarMessage: (message: string) => host.shown.push(message),
  withProgress<T>(
    { title }: { title: string },
    work: (progress: object, token: CancellationTokenSource['token']) => Promise<T>,
  ): Promise<T> {
    const source = new CancellationTokenSource();
    host.progress.push({ title, cancel: () => source.cancel() });
    const report = ({ message }: { message?: string }) => host.shown.push(message ?? '');
    return work({ report }, source.token);
  },
};

export const workspace = {
  isTrusted: true,
  textDocuments: [],
  workspaceFolders: [],
  getWorkspaceFolder: (uri: object) => ({ uri, name: 'notes', index: 0 }),
  onDidGrantWorkspaceTrust: trusted.event,
  onDidChangeWorkspaceFolders: none,
  onDidChangeConfiguration: configured.event,
  onDidChangeTextDocument: none,
  getConfiguration: (section?: string) => ({
    get: (key: string) => host.settings.get(section === undefined ? key : `${section}.${key}`),
  }),
};

export const commands = {
  executeCommand(command: string, ...args: unknown[]): Promise<undefined> {
    host.executed.push({ command, args });
    return Promise.resolve(undefined);
  },
};

export class TabInputWebview {
  readonly viewType = '';
}

export const ViewColumn = { Active: -1, Beside: -2 };
export const ProgressLocation = { Notification: 15 };
