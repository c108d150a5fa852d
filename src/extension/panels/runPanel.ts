/** A panel for runs of one kind: where a run is while it goes, what it found when it is done, again for an old run. */
import { basename } from 'node:path';
import * as z from 'zod/mini';
import { usageError } from '../../core/base/errors.js';
import { isOver, readJob, writeControl } from '../../engine/runFolder.js';
import { canResume, listAllRuns } from '../../engine/runs.js';
import type { MessageSchemas, Named as NamedMessage } from '../../protocol/messages.js';
import type { RunHostMessage, RunPanelMessage } from '../../protocol/panels.js';
import { runCommands } from '../../protocol/run.js';
import type { JobKind, JobResult, JobSpec, RunCommand, RunState } from '../../protocol/run.js';
import { disposableList } from '../disposable.js';
import type { Disposable } from '../disposable.js';
import { commandIds } from '../contributions.js';
import { sentenceOf } from '../notices.js';
import { createPace } from '../runs/pace.js';
import type { Pace } from '../runs/pace.js';
import { followRun } from '../runs/runFollower.js';
import type { Services } from '../services.js';
import { runCommand } from './actions.js';
import { createPanel } from './panel.js';

export interface RunPanel extends Disposable {
  /** Opens the run in a folder. */
  show(folder: string): void;
}

/** What a run is about, as people name it. */
export interface Named {
  readonly corpus: string;
  /** Whether each note is a file, whose name is then the last part of its id. */
  readonly isFolder: boolean;
  /** Folder of the bundled model. */
  readonly bundled: string;
}

export interface Found<Content> {
  readonly content: Content;
  /** Ids of the notes that the content names, by their positions. */
  readonly ids: readonly string[];
}

export interface RunPanelOptions<Kind extends JobKind, Content extends NamedMessage> {
  readonly name: string;
  readonly title: string;
  readonly kind: Kind;
  /** Of the command that goes on with a run that was stopped. */
  readonly resume: string;
  /** Where there is no run to show. */
  readonly nothingLeft: string;
  /** A note cannot be opened. */
  readonly corpusGone: string;
  /** Reads what a run found. */
  readonly load: (
    folder: string,
    result: Extract<JobResult, { kind: Kind }>,
    named: Named,
  ) => Promise<Found<Content>>;
  /** Without names and words of notes. */
  readonly withoutText: (message: RunHostMessage | Content) => RunHostMessage | Content;
}

const schemas: MessageSchemas<RunPanelMessage> = {
  control: z.object({ type: z.literal('control'), command: z.enum(runCommands) }),
  open: z.object({ type: z.literal('open'), note: z.int() }),
};
/** What the page saves for a reload. */
const pageState = z.object({ run: z.string() });

interface Shown<Message> {
  readonly folder: string;
  readonly pace: Pace;
  readonly follower: Disposable;
  spec: JobSpec | null;
  state: RunState | null;
  ids: readonly string[];
  /** What it found, once it is done. */
  content: Message | null;
}

export function createRunPanel<Kind extends JobKind, Content extends NamedMessage>(
  services: Services,
  options: RunPanelOptions<Kind, Content>,
): RunPanel {
  type Message = RunHostMessage | Content;
  const { corpora, jobs, notices, places } = services;
  const { name: panelName, title, kind, load, withoutText } = options;
  const all = disposableList();
  let shown: Shown<Message> | null = null;
  /** Why there is nothing to show. */
  let empty: RunHostMessage | null = null;

  const panel = all.add(
    createPanel<Message, RunPanelMessage>(services, {
      name: panelName,
      title,
      schemas,
      withoutText,
      current,
      receive: (sent) => (sent.type === 'open' ? open(sent.note) : control(sent.command)),
      restore,
      closed: forget,
    }),
  );

  function current(): Message[] {
    if (shown === null) return empty === null ? [] : [empty];
    const run = runMessage(shown);
    return [...(run === null ? [] : [run]), ...(shown.content === null ? [] : [shown.content])];
  }

  function follow(folder: string): void {
    forget();
    const entry: Shown<Message> = {
      folder,
      pace: createPace(),
      spec: null,
      state: null,
      ids: [],
      content: null,
      follower: followRun(folder, {
        onState(state) {
          const now = Date.now();
          if (state.status !== entry.state?.status) entry.pace.follow(null, now);
          entry.pace.follow(state.progress, now);
          entry.state = state;
          postRun(entry);
          if (state.status === 'done') {
            void read(entry, state.result).catch((error: unknown) => {
              entry.content = { type: 'empty', reason: sentenceOf(error) };
              if (shown === entry) panel.post(entry.content);
            });
          }
        },
        onLost: tell,
      }),
    };
    shown = entry;
    void readJob(folder).then((spec) => {
      entry.spec = spec;
      postRun(entry);
    }, tell);
  }

  function tell(error: unknown): void {
    void notices.error(error);
  }

  async function read(entry: Shown<Message>, result: JobResult | null): Promise<void> {
    if (!isOf(kind, result)) return;
    const { folder } = entry;
    const spec = (entry.spec ??= await readJob(folder));
    const found = await load(folder, result, {
      corpus: corpora.nameOf({ folder, spec }),
      isFolder: corpora.ofJob({ folder, spec })?.isFolder === true,
      bundled: places.bundledModel,
    });
    entry.ids = found.ids;
    entry.content = found.content;
    if (shown === entry) panel.post(entry.content);
  }

  function postRun(entry: Shown<Message>): void {
    const message = runMessage(entry);
    if (shown === entry && message !== null) panel.post(message);
  }

  /** `null` until the run has been read. */
  function runMessage({ folder, spec, state, pace }: Shown<Message>): RunHostMessage | null {
    if (spec === null || state === null) return null;
    const { status, progress, notes, error } = state;
    const name = basename(folder);
    return {
      type: 'run',
      name,
      corpus: corpora.nameOf({ folder, spec }),
      ...{ status, progress, notes },
      millisecondsLeft: status === 'running' ? pace.left(Date.now()) : null,
      error: error?.message ?? null,
      canResume: canResume({ name, folder, spec, state, model: null }),
    };
  }

  async function control(command: RunCommand): Promise<void> {
    const { folder = '', state = null } = shown ?? {};
    if (state === null) return;
    if (command === 'cancel') await jobs.cancel(folder);
    else if (isOver(state)) runCommand(options.resume, { run: folder });
    else await writeControl(folder, command);
  }

  /** As the view Similar Notes opens them; the tab shows an opaque key, never the id. */
  function open(note: number): void {
    const id = shown?.ids[note];
    const { folder = '', spec = null } = shown ?? {};
    if (spec === null || id === undefined) return;
    const corpus = corpora.ofJob({ folder, spec });
    if (corpus === null) throw usageError(options.corpusGone);
    runCommand(commandIds.openNote, { corpus: corpus.token, id });
  }

  function forget(): void {
    shown?.follower.dispose();
    [shown, empty] = [null, null];
  }

  /** The run that was shown before, or else the newest one. */
  async function restore(remembered: unknown): Promise<void> {
    const parsed = pageState.safeParse(remembered);
    const name = parsed.success ? basename(parsed.data.run) : null;
    try {
      await corpora.whenLoaded();
      const runs = (await Promise.all((await corpora.runFolders()).map(listAllRuns)))
        .flat()
        .filter(({ spec }) => spec.kind === kind)
        .sort((a, b) => b.state.startedAt - a.state.startedAt);
      const found =
        runs.find((run) => run.name === name) ??
        runs.find(({ state }) => state.result?.kind === kind);
      if (found !== undefined) {
        follow(found.folder);
        return;
      }
    } catch (error) {
      tell(error);
    }
    empty = { type: 'empty', reason: options.nothingLeft };
    panel.post(empty);
  }

  all.add({ dispose: forget });
  // A resumed run continues in the same folder.
  all.add(
    jobs.onDidChange(() => {
      const { folder = '', state = null } = shown ?? {};
      if (state === null || !isOver(state)) return;
      if (jobs.running().some((job) => job.folder === folder)) follow(folder);
    }),
  );
  return {
    show(folder) {
      if (folder !== shown?.folder) follow(folder);
      panel.show();
    },
    dispose: () => all.dispose(),
  };
}

function isOf<Kind extends JobKind>(
  kind: Kind,
  result: JobResult | null,
): result is Extract<JobResult, { kind: Kind }> {
  return result?.kind === kind;
}
