/** The questions of *Evaluate…*. */
import * as vscode from 'vscode';
import { plural } from '../../core/base/wording.js';
import { protocolEntries, targetProtocols } from '../../protocol/catalogue/evaluation.js';
import type { Shots } from '../../protocol/catalogue/evaluation.js';
import { fieldRoles, isTargetRole, targetFields } from '../../protocol/catalogue/fieldRoles.js';
import type { TargetField } from '../../protocol/catalogue/fieldRoles.js';
import { protocolNames } from '../../protocol/catalogue/protocols.js';
import type { ProtocolName } from '../../protocol/catalogue/protocols.js';
import { readShots } from '../../protocol/catalogue/shots.js';
import type { CorpusSummary } from '../../protocol/lookup.js';
import type { Corpus } from '../corpora/corpora.js';
import type { Services } from '../services.js';
import type { ModelsAnswers } from './modelsStep.js';
import { given } from './given.js';
import { askStep, separator } from './stepPick.js';
import type { StepItem } from './stepPick.js';
import { back } from './steps.js';
import type { ConditionalStep, Step, StepPlace } from './steps.js';
import { askTextStep } from './textStep.js';

/** Filled in question by question. */
export interface EvaluateAnswers extends ModelsAnswers {
  /** One, or those that predict a field, on the same notes. */
  readonly protocols: readonly ProtocolName[];
  /** A role, or another column of the notes. */
  readonly target: string | null;
  readonly shots: readonly Shots[];
  /** `null`: as many as the protocol takes. */
  readonly seeds: number | null;
  /** `null` until the list has been looked at: then every word that is proposed is ticked. */
  readonly withoutWords: readonly string[] | null;
}

type EvaluateStep = Step<EvaluateAnswers>;

export function protocolStep(): EvaluateStep {
  return async (answers, place) => {
    const protocols = await askStep<readonly ProtocolName[]>({
      place,
      placeholder: 'What should be measured?',
      items: [
        ...protocolNames.map((name) => {
          const { label, sentence } = protocolEntries[name];
          return { label, detail: sentence, value: [name] };
        }),
        {
          label: 'Both classifications',
          detail: 'Frozen and fine-tuned, on the same notes.',
          value: targetProtocols,
        },
      ],
      isActive: (value) => value.join() === answers.protocols.join(),
    });
    return protocols === back ? back : { ...answers, protocols };
  };
}

export function predicts({ protocols }: Pick<EvaluateAnswers, 'protocols'>): boolean {
  return protocols.some((name) => protocolEntries[name].target !== null);
}

export function needsMlmHead({ protocols }: Pick<EvaluateAnswers, 'protocols'>): boolean {
  return protocols.some((name) => protocolEntries[name].needsMlmHead);
}

/** A question about what is to be predicted. */
export function whenPredicting(ask: EvaluateStep): ConditionalStep<EvaluateAnswers> {
  return { isAsked: predicts, ask };
}

export function targetStep(services: Services): ConditionalStep<EvaluateAnswers> {
  return whenPredicting(async (answers, place) => {
    const target = await askTarget(services, answers, place);
    if (target === back) return back;
    // Other words name another target.
    return target === answers.target ? answers : { ...answers, target, withoutWords: null };
  });
}

/** Which field is predicted. */
export async function askTarget(
  { lookup, notices }: Services,
  answers: Pick<EvaluateAnswers, 'corpus' | 'target'>,
  place: StepPlace,
): Promise<string | typeof back> {
  const corpus = given(answers.corpus);
  const reading = new vscode.CancellationTokenSource();
  const summary = lookup.request('corpus/inspect', { corpus: corpus.spec }, reading.token);
  summary.catch(() => undefined); // the question can be answered without it
  try {
    return await askStep<string>({
      place,
      placeholder: 'Which field should be predicted?',
      items: targetItems(null),
      isActive: (value) => value === answers.target,
      later: summary.then(targetItems),
      async refuse(value) {
        const problem = targetProblem(value, await summary, corpus);
        if (problem !== null) void notices.info(problem);
        return problem;
      },
    });
  } finally {
    reading.cancel();
    reading.dispose();
  }
}

type Summary = Pick<CorpusSummary, 'categories' | 'mapping' | 'fields'>;

function targetItems(summary: Summary | null): StepItem<string>[] {
  const roles = targetFields.map((value) => {
    const { label, sentence } = fieldRoles[value];
    return { value, label, detail: sentence, description: fieldText(value, summary) };
  });
  const mapped = Object.values(summary?.mapping ?? {});
  const columns = (summary?.fields ?? []).filter((name) => !mapped.includes(name));
  if (columns.length === 0) return roles;
  return [
    ...roles,
    separator('other columns'),
    ...columns.map((value) => ({ value, label: value })),
  ];
}

function fieldText(field: TargetField, summary: Summary | null): string {
  if (summary === null) return '';
  const categories = Object.keys(summary.categories).length;
  const column = summary.mapping[field];
  if (field === 'category' && categories > 0) {
    return [...(column === null ? [] : [column]), plural(categories, 'value')].join(', ');
  }
  return column ?? '$(circle-slash) not in this corpus';
}

function targetProblem(field: string, summary: Summary, corpus: Corpus): string | null {
  if (!isTargetRole(field)) return null;
  const { label } = fieldRoles[field];
  const categories = Object.keys(summary.categories).length;
  if (field === 'category' && categories > 1) return null;
  if (field === 'category' && categories === 1) {
    return `All notes of ${corpus.name} are of one category, so there is nothing to tell apart: choose another field.`;
  }
  return summary.mapping[field] === null
    ? `The notes of ${corpus.name} have no field for: ${label}. Add the corpus again, and choose one.`
    : null;
}

export function shotsStep(): ConditionalStep<EvaluateAnswers> {
  return whenPredicting(async (answers, place) => {
    const text = await askTextStep({
      place,
      prompt:
        'Labels per class to learn from: numbers with commas between them, and "all" for every training note',
      value: answers.shots.join(', '),
      refuse: (typed) => {
        const read = readShots(typed);
        if ('shots' in read) return null;
        return `Write numbers of labels such as 16, 64, all; "${read.wrong}" is none.`;
      },
    });
    if (text === back) return back;
    const read = readShots(text);
    return 'shots' in read ? { ...answers, shots: read.shots } : answers;
  });
}

const offeredSeeds = [1, 3, 5, 10, 20];

export function seedsStep(): ConditionalStep<EvaluateAnswers> {
  return whenPredicting(async (answers, place) => {
    const usual = answers.protocols.flatMap((name) => {
      const { target } = protocolEntries[name];
      return target === null ? [] : `${target.seeds} when ${target.when}`;
    });
    const seeds = await askStep<number | 'usual'>({
      place,
      placeholder: 'How often, each time with another sample of the labels?',
      items: [
        { label: 'As usual', description: usual.join(', '), value: 'usual' },
        ...offeredSeeds.map((value) => ({
          label: plural(value, 'time'),
          description:
            value === 1 ? 'a quick look: intervals leave out the luck of the sample' : '',
          value,
        })),
      ],
      isActive: (value) => value === (answers.seeds ?? 'usual'),
    });
    if (seeds === back) return back;
    return { ...answers, seeds: seeds === 'usual' ? null : seeds };
  });
}
