import { Cancelled, failure, fromSystemError, usageError } from '../core/base/errors.js';
import { makeFolder } from '../core/base/files.js';
import { planStudy } from '../core/study/plan.js';
import { planSentences } from '../core/study/planText.js';
import { partLabel } from '../core/study/wording.js';
import { studyFacts } from '../engine/job/study/facts.js';
import { followStudy } from '../engine/job/study/follow.js';
import { readPlan } from '../engine/job/study/openStudy.js';
import {
  isAlive,
  isOver,
  readJob,
  readRawState,
  readState,
  writeJob,
} from '../engine/runFolder.js';
import type { StudyJob, StudyResult } from '../protocol/study.js';
import type { Command, CommandContext } from './command.js';
import { plainJobContext } from './jobContext.js';
import { printJson, printTable, seconds } from './output.js';
import { runIn } from './runIn.js';
import { absolute } from './sharedOptions.js';
import { askedStudy, studyOptions } from './studyOptions.js';
import type { StudyOptions } from './studyOptions.js';

export const studyCommand: Command<typeof studyOptions> = {
  name: 'study',
  summary: 'Compares ways of pre-training on your notes, and reports what holds and what does not',
  usage: '--corpus SOURCE --base MODEL --target FIELD --out DIR [options]',
  example: 'study --corpus notes.csv --base bundled --target category --out study --preset quick',
  positionals: 0,
  options: studyOptions,
  async run(parsed, _positionals, context) {
    if (parsed.plan) {
      await sayPlanOf(parsed, context);
      return;
    }
    if (parsed.out === null) throw usageError('study needs --out: see "notespace study --help".');
    const out = absolute(parsed.out, context.cwd);
    const result = parsed.worker
      ? await takePart(out, parsed, context)
      : await lead(out, parsed, context);
    sayStudy(result, out, parsed.json, context);
  },
};

/** Plans without a folder, so that nothing is written. */
async function sayPlanOf(parsed: StudyOptions, context: CommandContext): Promise<void> {
  const { terminal, cwd } = context;
  const folder = parsed.resume && parsed.out !== null ? absolute(parsed.out, cwd) : null;
  const job = await askedStudy(parsed, folder === null ? null : await startedIn(folder), context);
  const before = folder === null ? null : await readPlan(folder);
  const plan = planStudy(job, await studyFacts(job, await plainJobContext(context)), before);
  if (parsed.json) {
    const { format: _, ...document } = plan;
    printJson(terminal, document);
    return;
  }
  printTable(
    terminal,
    ['part', 'about'],
    plan.parts.map((part) => [
      `${partLabel(part)}${part.kind === 'train' ? `, ${part.steps} steps` : ''}`,
      seconds(part.seconds),
    ]),
  );
  for (const sentence of planSentences(plan)) terminal.out(sentence);
}

async function startedIn(folder: string): Promise<StudyJob> {
  const job = await readJob(folder);
  if (job.kind === 'study') return job;
  throw usageError(`${folder} holds no study: choose another --out.`);
}

async function lead(
  out: string,
  parsed: StudyOptions,
  context: CommandContext,
): Promise<StudyResult> {
  const now = context.now();
  const found = await readState(out, now);
  const isRefused =
    found?.status === 'failed' && found.error?.kind === 'usage' && (await readPlan(out)) === null;
  const state = isRefused ? null : found;
  if (parsed.resume && state === null) {
    throw usageError(`There is no study in ${out} to resume: leave --resume away to start one.`);
  }
  if (!parsed.resume && state !== null) {
    throw usageError(`${out} holds a run already: choose another --out, or add --resume.`);
  }
  if (state !== null && isAlive(state, now)) {
    throw usageError(
      `The study in ${out} is still at work: wait for it, cancel it, or help it with --worker.`,
    );
  }
  const started = state === null ? null : await startedIn(out);
  return begin(out, await askedStudy(parsed, started, context), context);
}

async function begin(out: string, job: StudyJob, context: CommandContext): Promise<StudyResult> {
  try {
    await makeFolder(out, 0o700);
    await writeJob(out, job, context.now());
  } catch (error) {
    throw fromSystemError(error, `The run folder ${out}`);
  }
  return runIn(out, job, context);
}

/** Follows the process that leads the study; where there is none, or it has died, this one leads. */
async function takePart(
  out: string,
  parsed: StudyOptions,
  context: CommandContext,
): Promise<StudyResult> {
  if (parsed.resume) throw usageError('Give either --worker or --resume, not both.');
  for (;;) {
    const raw = await readRawState(out);
    if (raw !== null && isAlive(raw, context.now())) {
      context.terminal.say(`Taking parts of the study in ${out}.`);
      const job = await startedIn(out);
      await followStudy(out, job, await plainJobContext(context));
    } else if (raw === null || !isOver(raw)) {
      const job = raw === null ? await askedStudy(parsed, null, context) : await startedIn(out);
      try {
        return await begin(out, job, context);
      } catch (error) {
        // Another worker was quicker.
        const now = await readRawState(out);
        if (error instanceof Cancelled || now === null || !isAlive(now)) throw error;
      }
    } else if (raw.status === 'done' && raw.result?.kind === 'study') {
      return raw.result;
    } else if (raw.status === 'cancelled') {
      throw new Cancelled(`The study in ${out} was cancelled: --resume goes on with it.`);
    } else {
      throw failure(raw.error?.message ?? `The study in ${out} has failed.`);
    }
  }
}

const verdicts = { true: 'holds', false: 'does not hold', null: 'open' } as const;

function sayStudy(
  { kind: _, ...result }: StudyResult,
  run: string,
  asJson: boolean,
  { terminal }: CommandContext,
): void {
  if (asJson) {
    printJson(terminal, { run, ...result });
    return;
  }
  terminal.progress.end();
  for (const { claim, holds, evidence } of result.findings) {
    terminal.out(`${claim} ${verdicts[`${holds}`]}`.replace('. ', ': '));
    for (const sentence of evidence) terminal.out(`  ${sentence}`);
  }
  terminal.out(`The report is ${result.report}.`);
}
