/** The curves of a run, read from its folder: live while it runs, and again after a reload. */
import { basename } from 'node:path';
import * as z from 'zod/mini';
import { unfitSentence } from '../../engine/metricsLines.js';
import { isOver, readJob, writeControl } from '../../engine/runFolder.js';
import type { MessageSchemas } from '../../protocol/messages.js';
import { nextSteps } from '../../protocol/panels.js';
import type { NextStep, TrainingHostMessage, TrainingPanelMessage } from '../../protocol/panels.js';
import { runCommands } from '../../protocol/run.js';
import type { MetricsLine, RunCommand, RunState } from '../../protocol/run.js';
import { commandIds } from '../contributions.js';
import { disposableList } from '../disposable.js';
import type { Disposable } from '../disposable.js';
import { takeNextStep } from '../runs/nextSteps.js';
import { followRun } from '../runs/runFollower.js';
import { listPretrainings } from '../../engine/runs.js';
import { readGivenTitle, runTitle } from '../../engine/runTitle.js';
import type { PretrainJob } from '../../protocol/pretraining.js';
import type { Services } from '../services.js';
import { runCommand } from './actions.js';
import { createPanel } from './panel.js';

export interface Training extends Disposable {
  /** Opens the curves of a run folder. */
  show(folder: string): void;
  /** Shows the name that a run has been given, if it is the run shown. */
  rename(folder: string): void;
}

const schemas: MessageSchemas<TrainingPanelMessage> = {
  control: z.object({ type: z.literal('control'), command: z.enum(runCommands) }),
  next: z.object({ type: z.literal('next'), step: z.enum(nextSteps) }),
};
/** What the page saves for a reload. */
const pageState = z.object({ run: z.string() });

export function createTraining(services: Services): Training {
  const { corpora, jobs, notices } = services;
  const all = disposableList();
  let folder: string | null = null;
  let state: RunState | null = null;
  let spec: PretrainJob | null = null;
  let given: string | null = null;
  let lines: MetricsLine[] = [];
  /** Number of unreadable lines in the file. */
  let unfit = 0;
  let follower: Disposable | null = null;

  const panel = all.add(
    createPanel<TrainingHostMessage, TrainingPanelMessage>(services, {
      name: 'training',
      title: 'Training',
      schemas,
      current: () => [
        ...(state === null ? [] : [runMessage(state, { spec, given }, lines, unfit)]),
        { type: 'metrics', reset: true, lines },
      ],
      receive: (sent) => (sent.type === 'next' ? next(sent.step) : control(sent.command)),
      restore,
      closed: forget,
    }),
  );

  function follow(shown: string): void {
    forget();
    folder = shown;
    void readSpec(shown).catch((error: unknown) => notices.error(error));
    follower = followRun(shown, {
      onState(next) {
        state = next;
        postRun();
      },
      onMetrics(fresh, reset, unread) {
        lines = reset ? [...fresh] : [...lines, ...fresh];
        unfit = unread + (reset ? 0 : unfit);
        panel.post({ type: 'metrics', reset, lines: fresh });
        if (unread > 0 || fresh.some(({ heldOutLoss }) => heldOutLoss !== null)) postRun();
      },
      onLost: (error) => void notices.error(error),
    });
  }

  function postRun(): void {
    if (state !== null) panel.post(runMessage(state, { spec, given }, lines, unfit));
  }

  async function readSpec(shown: string): Promise<void> {
    const [job, title] = await Promise.all([readJob(shown), readGivenTitle(shown)]);
    if (folder !== shown || job.kind !== 'pretrain') return;
    [spec, given] = [job, title];
    postRun();
  }

  function forget(): void {
    follower?.dispose();
    follower = null;
    folder = null;
    state = null;
    spec = null;
    given = null;
    lines = [];
    unfit = 0;
  }

  async function next(step: NextStep): Promise<void> {
    if (folder === null || state === null) return;
    await takeNextStep(corpora, { folder, spec: await readJob(folder), state }, step);
  }

  async function control(command: RunCommand): Promise<void> {
    if (folder === null || state === null) return;
    if (command === 'cancel') await jobs.cancel(folder);
    else if (command === 'finish') runCommand(commandIds.finishPretraining, { run: folder });
    else if (isOver(state)) runCommand(commandIds.resumePretraining, { run: folder });
    else await writeControl(folder, command);
  }

  /**
   * Only runs of this workspace are restored. Falls back to the newest run if the saved name is unknown
   * or missing, as it is when the editor is reloaded within seconds.
   */
  async function restore(remembered: unknown): Promise<void> {
    const parsed = pageState.safeParse(remembered);
    const name = parsed.success ? basename(parsed.data.run) : null;
    const folders = await corpora.runFolders();
    const all = (await Promise.all(folders.map(listPretrainings)))
      .flat()
      .sort((a, b) => b.state.startedAt - a.state.startedAt);
    const [newest] = all;
    const found = all.find((run) => run.name === name) ?? newest;
    if (found !== undefined) follow(found.folder);
  }

  all.add({ dispose: forget });
  // A resumed run continues in the same folder.
  all.add(
    jobs.onDidChange(() => {
      const isRunning = jobs.running().some((job) => job.folder === folder);
      if (folder !== null && state !== null && isOver(state) && isRunning) follow(folder);
    }),
  );
  return {
    show(shown) {
      if (shown !== folder) follow(shown);
      panel.show();
    },
    rename(renamed) {
      if (renamed === folder)
        void readSpec(renamed).catch((error: unknown) => notices.error(error));
    },
    dispose: () => all.dispose(),
  };
}

function runMessage(
  state: RunState,
  { spec, given }: { readonly spec: PretrainJob | null; readonly given: string | null },
  lines: readonly MetricsLine[],
  unfit: number,
): TrainingHostMessage {
  const { name, status, progress, plan, notes, error, result } = state;
  const heldOut = lines.flatMap(({ heldOutLoss }) => (heldOutLoss === null ? [] : [heldOutLoss]));
  const [before] = heldOut;
  const during =
    before === undefined
      ? null
      : { before, after: heldOut.length > 1 ? (heldOut.at(-1) ?? null) : null };
  return {
    type: 'run',
    name,
    title:
      spec === null
        ? (given ?? name)
        : runTitle({ spec, state, ...(given === null ? {} : { title: given }) }),
    objective: spec?.objective ?? null,
    status,
    progress,
    plan: plan ?? null,
    notes: unfit === 0 ? notes : [...notes, unfitSentence(unfit)],
    error: error?.message ?? null,
    heldOutLoss: result?.kind === 'pretrain' ? result.heldOutLoss : during,
  };
}
