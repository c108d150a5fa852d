/** Writes a study's report, as far as it has come: `report.json` for programs, `report.html` for people. */
import { cpus, platform, release, totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { writeFileAtomic } from '../../../core/base/files.js';
import { renderStudy } from '../../../core/report/study.js';
import type { ReportedPart } from '../../../core/report/studyReport.js';
import { studyFindings } from '../../../core/study/findings.js';
import type { StudyOutcome } from '../../../core/study/outcome.js';
import { partLabel } from '../../../core/study/wording.js';
import { studyFileNames } from '../../../protocol/study.js';
import type { StudyFinding, StudyModel } from '../../../protocol/catalogue/study.js';
import { versions } from '../../versions.js';
import type { JobContext } from '../context.js';
import { collectOutcome } from './collect.js';
import { isSettled } from './statuses.js';
import type { PartNow, StudyPlace } from './statuses.js';

export interface WrittenReport {
  readonly models: readonly StudyModel[];
  readonly findings: readonly StudyFinding[];
}

export async function writeStudyReport(
  place: StudyPlace,
  parts: readonly PartNow[],
  { now, threads }: Pick<JobContext, 'now' | 'threads'>,
): Promise<WrittenReport> {
  const outcome = await collectOutcome(place, parts);
  const findings = studyFindings(outcome);
  const made = {
    madeAt: new Date(now()).toISOString(),
    isComplete: parts.every(({ status }) => isSettled(status)),
    environment: await environmentOf(threads),
  };
  const document = documentOf(place, parts, outcome, { ...made, findings });
  const write = (name: 'report' | 'page', text: string): Promise<void> =>
    writeFileAtomic(join(place.folder, studyFileNames[name]), text);
  await write('report', `${JSON.stringify(document, null, 1)}\n`);
  await write(
    'page',
    renderStudy({
      title: `Study: ${basename(place.plan.job.corpus.source)}`,
      madeAt: new Date(now()).toLocaleString('en-GB', { dateStyle: 'long', timeStyle: 'short' }),
      ...{ isComplete: made.isComplete, environment: made.environment, plan: place.plan },
      ...{ findings, outcome, missing: missingSentences(parts) },
      parts: parts.map(reportedPart),
    }),
  );
  return { models: outcome.models, findings };
}

export interface Made {
  readonly madeAt: string;
  readonly isComplete: boolean;
  readonly environment: Readonly<Record<string, string | number>>;
  readonly findings: readonly StudyFinding[];
}

function documentOf(
  { plan }: StudyPlace,
  parts: readonly PartNow[],
  outcome: StudyOutcome,
  { findings, ...made }: Made,
): object {
  const { models, ...measured } = outcome;
  const { job, data, seconds, budgetSeconds, cuts } = plan;
  return {
    format: 1,
    ...made,
    findings,
    models,
    job,
    data,
    plan: { seconds, budgetSeconds, cuts },
    missing: missingSentences(parts),
    parts: parts.map(({ part, status }) => ({
      ...{ id: part.id, kind: part.kind, group: part.group, label: partLabel(part) },
      status: status.is,
      plannedSeconds: part.seconds,
      cost: 'state' in status ? (status.state?.cost ?? null) : null,
      job: 'spec' in status ? status.spec : null,
    })),
    ...measured,
    // They stand in the folders of their parts; thousands of points would drown the rest.
    spaces: measured.spaces.map(({ maps: _, ...space }) => space),
    forgottenSpaces: measured.forgottenSpaces.map(({ maps: _, ...space }) => space),
  };
}

const statusWords = {
  waiting: 'waiting',
  open: 'not begun',
  running: 'at work',
  done: 'done',
  failed: 'failed',
  leftOut: 'left out',
} as const;

function reportedPart({ part, status }: PartNow): ReportedPart {
  return {
    label: partLabel(part),
    status: statusWords[status.is],
    plannedSeconds: part.seconds,
    cost: 'state' in status ? (status.state?.cost ?? null) : null,
    settings: 'spec' in status ? JSON.stringify(status.spec, null, 1) : null,
  };
}

async function environmentOf(threads: number): Promise<Made['environment']> {
  return {
    ...(await versions()),
    node: process.versions.node,
    system: `${platform()} ${release()}`,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memoryBytes: totalmem(),
    threads,
  };
}

/** Parts that failed or were left out, with the reason. */
export function missingSentences(parts: readonly PartNow[]): string[] {
  return parts.flatMap(({ part, status }) => {
    if (status.is === 'failed') {
      return [`${partLabel(part)} failed. ${status.state.error?.message ?? ''}`.trim()];
    }
    return status.is === 'leftOut' ? [`${partLabel(part)} is left out. ${status.why}`] : [];
  });
}
