/** Curves of several runs in one chart; updates those that are still running. */
import { basename } from 'node:path';
import * as z from 'zod/mini';
import type { MessageSchemas } from '../../protocol/messages.js';
import type {
  ComparedRun,
  ComparisonHostMessage,
  ComparisonPanelMessage,
} from '../../protocol/panels.js';
import type { MetricsLine } from '../../protocol/run.js';
import { unfitSentence } from '../../engine/metricsLines.js';
import { commandIds } from '../contributions.js';
import { comparedSettings } from '../runs/comparedSettings.js';
import { disposableList } from '../disposable.js';
import type { Disposable } from '../disposable.js';
import { followRun } from '../runs/runFollower.js';
import { listPretrainings } from '../../engine/runs.js';
import { runTitle } from '../../engine/runTitle.js';
import type { Pretraining } from '../../engine/runs.js';
import type { Services } from '../services.js';
import { modelName } from '../wording.js';
import { runCommand } from './actions.js';
import { createPanel } from './panel.js';

export interface Comparison extends Disposable {
  show(runs: readonly Pretraining[]): void;
}

const schemas: MessageSchemas<ComparisonPanelMessage> = {
  show: z.object({ type: z.literal('show'), run: z.string() }),
};
/** Names of the runs, which the page saves for a reload. */
const pageState = z.object({ runs: z.string() });

interface Shown {
  run: Pretraining;
  settings: ComparedRun['settings'];
  lines: MetricsLine[];
  readonly follower: Disposable;
}

export function createComparison(services: Services): Comparison {
  const { corpora, notices, places } = services;
  const all = disposableList();
  /** By run folder, in the order of their colours. */
  let shown = new Map<string, Shown>();

  const panel = all.add(
    createPanel<ComparisonHostMessage, ComparisonPanelMessage>(services, {
      name: 'comparison',
      title: 'Compare Runs',
      schemas,
      current: () => [
        runsMessage(),
        ...[...shown].map(([run, { lines }]) => metricsMessage(run, true, lines)),
      ],
      receive: ({ run }) => {
        if (shown.has(run)) runCommand(commandIds.showTraining, { run });
      },
      restore,
      closed: forget,
    }),
  );

  function follow(runs: readonly Pretraining[]): void {
    forget();
    shown = new Map(runs.map((run) => [run.folder, followed(run)]));
    panel.post(runsMessage());
  }

  function followed(run: Pretraining): Shown {
    const entry: Shown = {
      run,
      settings: {},
      lines: [],
      follower: followRun(run.folder, {
        onState(state) {
          const isNews = state.status !== entry.run.state.status;
          entry.run = { ...entry.run, state };
          if (isNews) panel.post(runsMessage());
        },
        onMetrics(fresh, reset, unfit) {
          if (unfit > 0) notices.log(`${run.name}: ${unfitSentence(unfit)}`);
          entry.lines = reset ? [...fresh] : [...entry.lines, ...fresh];
          panel.post(metricsMessage(run.folder, reset, fresh));
        },
        // A run that has been deleted keeps its curve.
        onLost: () => undefined,
      }),
    };
    void comparedSettings(run.spec).then((settings) => {
      entry.settings = settings;
      if (shown.get(run.folder) === entry) panel.post(runsMessage());
    });
    return entry;
  }

  function runsMessage(): ComparisonHostMessage {
    return { type: 'runs', runs: [...shown.values()].map(compared) };
  }

  function compared({ run, settings }: Shown): ComparedRun {
    const { folder, spec, state } = run;
    return {
      id: folder,
      name: runTitle(run),
      corpus: corpora.nameOf(run),
      objective: spec.objective,
      base: modelName(spec.base, places.bundledModel),
      status: state.status,
      settings,
    };
  }

  function forget(): void {
    for (const { follower } of shown.values()) follower.dispose();
    shown = new Map();
  }

  async function restore(remembered: unknown): Promise<void> {
    const parsed = pageState.safeParse(remembered);
    const names = parsed.success ? parsed.data.runs.split('\n').map((name) => basename(name)) : [];
    await corpora.whenLoaded();
    const folders = await corpora.runFolders();
    const runs = (await Promise.all(folders.map(listPretrainings))).flat();
    follow(names.flatMap((name) => runs.find((run) => run.name === name) ?? []));
  }

  all.add({ dispose: forget });
  return {
    show(runs) {
      follow(runs);
      panel.show();
    },
    dispose: () => all.dispose(),
  };
}

function metricsMessage(
  run: string,
  reset: boolean,
  lines: readonly MetricsLine[],
): ComparisonHostMessage {
  return { type: 'metrics', run, reset, lines };
}
