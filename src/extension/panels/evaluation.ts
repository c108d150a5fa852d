/** What an evaluation found: where it is while it runs, its figures when it is done, again for an old run. */
import { basename } from 'node:path';
import * as z from 'zod/mini';
import { usageError } from '../../core/base/errors.js';
import { isOver, readJob, writeControl } from '../../engine/runFolder.js';
import type { MessageSchemas } from '../../protocol/messages.js';
import type { EvaluationHostMessage, EvaluationPanelMessage } from '../../protocol/panels.js';
import { runCommands } from '../../protocol/run.js';
import type { JobSpec, RunCommand, RunState } from '../../protocol/run.js';
import { commandIds } from '../contributions.js';
import { disposableList } from '../disposable.js';
import type { Disposable } from '../disposable.js';
import { sentenceOf } from '../notices.js';
import { readEvaluation } from '../runs/evaluationFiles.js';
import { createPace } from '../runs/pace.js';
import type { Pace } from '../runs/pace.js';
import { followRun } from '../runs/runFollower.js';
import { canResume, listAllRuns } from '../../engine/runs.js';
import type { Services } from '../services.js';
import { runCommand } from './actions.js';
import { figuresMessage, nothingLeft, reportMessage, withoutText } from './evaluationMessages.js';
import type { Named } from './evaluationMessages.js';
import { createPanel } from './panel.js';

export interface Evaluation extends Disposable {
  /** Opens the evaluation in a run folder. */
  show(folder: string): void;
}

const schemas: MessageSchemas<EvaluationPanelMessage> = {
  control: z.object({ type: z.literal('control'), command: z.enum(runCommands) }),
  open: z.object({ type: z.literal('open'), note: z.int() }),
};
/** What the page saves for a reload. */
const pageState = z.object({ run: z.string() });

interface Shown {
  readonly folder: string;
  readonly pace: Pace;
  readonly follower: Disposable;
  spec: JobSpec | null;
  state: RunState | null;
  /** Ids of the test notes. */
  ids: readonly string[];
  /** Its figures, once it is done. */
  content: EvaluationHostMessage | null;
}

export function createEvaluation(services: Services): Evaluation {
  const { corpora, jobs, notices, places } = services;
  const all = disposableList();
  let shown: Shown | null = null;
  /** Why there is nothing to show. */
  let empty: EvaluationHostMessage | null = null;

  const panel = all.add(
    createPanel<EvaluationHostMessage, EvaluationPanelMessage>(services, {
      name: 'evaluation',
      title: 'Evaluation',
      schemas,
      withoutText,
      current,
      receive: (sent) => (sent.type === 'open' ? open(sent.note) : control(sent.command)),
      restore,
      closed: forget,
    }),
  );

  function current(): EvaluationHostMessage[] {
    if (shown === null) return empty === null ? [] : [empty];
    const run = runMessage(shown);
    return [...(run === null ? [] : [run]), ...(shown.content === null ? [] : [shown.content])];
  }

  function follow(folder: string): void {
    forget();
    const entry: Shown = {
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
            void load(entry).catch((error: unknown) => {
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

  async function load(entry: Shown): Promise<void> {
    const { folder, state } = entry;
    if (state?.result?.kind !== 'evaluate') return;
    const spec = (entry.spec ??= await readJob(folder));
    const named: Named = {
      corpus: corpora.nameOf({ folder, spec }),
      isFolder: corpora.ofJob({ folder, spec })?.isFolder === true,
      bundled: places.bundledModel,
    };
    if (state.result.summary === undefined) {
      entry.content = figuresMessage(state.result, named);
    } else {
      const files = await readEvaluation(folder);
      entry.ids = files.outcomes?.ids ?? [];
      entry.content = reportMessage(files, named);
    }
    if (shown === entry) panel.post(entry.content);
  }

  function postRun(entry: Shown): void {
    const message = runMessage(entry);
    if (shown === entry && message !== null) panel.post(message);
  }

  /** `null` until the run has been read. */
  function runMessage({ folder, spec, state, pace }: Shown): EvaluationHostMessage | null {
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
    else if (isOver(state)) runCommand(commandIds.resumeEvaluation, { run: folder });
    else await writeControl(folder, command);
  }

  /** As the view Similar Notes opens them; the tab shows an opaque key, never the id. */
  function open(note: number): void {
    const id = shown?.ids[note];
    const { folder = '', spec = null } = shown ?? {};
    if (spec === null || id === undefined) return;
    const corpus = corpora.ofJob({ folder, spec });
    if (corpus === null) {
      throw usageError(
        'The corpus of this evaluation is not in this window any more: add it again to open its notes.',
      );
    }
    runCommand(commandIds.openNote, { corpus: corpus.token, id });
  }

  function forget(): void {
    shown?.follower.dispose();
    [shown, empty] = [null, null];
  }

  /** The evaluation that was shown before, or else the newest one. */
  async function restore(remembered: unknown): Promise<void> {
    const parsed = pageState.safeParse(remembered);
    const name = parsed.success ? basename(parsed.data.run) : null;
    try {
      await corpora.whenLoaded();
      const runs = (await Promise.all((await corpora.runFolders()).map(listAllRuns)))
        .flat()
        .filter(({ spec }) => spec.kind === 'evaluate')
        .sort((a, b) => b.state.startedAt - a.state.startedAt);
      const found =
        runs.find((run) => run.name === name) ??
        runs.find(({ state }) => state.result?.kind === 'evaluate');
      if (found !== undefined) {
        follow(found.folder);
        return;
      }
    } catch (error) {
      tell(error);
    }
    empty = nothingLeft;
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
