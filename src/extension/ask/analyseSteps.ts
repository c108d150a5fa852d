/** The questions of *Analyse Embedding Space…*. */
import { edgeRuleEntries, edgeRules, usualNeighbours } from '../../protocol/catalogue/analysis.js';
import type { EdgeRule } from '../../protocol/catalogue/analysis.js';
import type { ModelsAnswers } from './modelsStep.js';
import { askStep } from './stepPick.js';
import { back } from './steps.js';
import type { ConditionalStep, Step } from './steps.js';
import { askTextStep } from './textStep.js';

/** Filled in question by question. */
export interface AnalyseAnswers extends ModelsAnswers {
  readonly settings: 'usual' | 'others';
  readonly neighbours: number;
  readonly edges: EdgeRule;
  /** Least cosine of an edge; `null`: any. */
  readonly threshold: number | null;
  /** Of k-means; `null`: as many as there are categories. */
  readonly clusters: number | null;
}

type AnalyseStep = Step<AnalyseAnswers>;

export function settingsStep(): AnalyseStep {
  return async (answers, place) => {
    const settings = await askStep<AnalyseAnswers['settings']>({
      place,
      placeholder: 'How should clusters and the graph of neighbours be made?',
      items: [
        {
          label: 'As usual',
          detail: `${usualNeighbours} nearest neighbours of each note, and as many clusters as there are categories.`,
          value: 'usual',
        },
        { label: 'Other settings…', value: 'others' },
      ],
      isActive: (value) => value === answers.settings,
    });
    return settings === back ? back : { ...answers, settings };
  };
}

function withOtherSettings(ask: AnalyseStep): ConditionalStep<AnalyseAnswers> {
  return { isAsked: ({ settings }) => settings === 'others', ask };
}

export function neighboursStep(): ConditionalStep<AnalyseAnswers> {
  return withOtherSettings(async (answers, place) => {
    const text = await askTextStep({
      place,
      prompt: 'How many nearest neighbours of each note?',
      value: String(answers.neighbours),
      refuse: (typed) => wholeProblem(typed, 1),
    });
    return text === back ? back : { ...answers, neighbours: Number(text) };
  });
}

export function edgesStep(): ConditionalStep<AnalyseAnswers> {
  return withOtherSettings(async (answers, place) => {
    const edges = await askStep<EdgeRule>({
      place,
      placeholder: 'When are two notes joined in the graph?',
      items: edgeRules.map((value) => ({
        label: `If ${edgeRuleEntries[value]}`,
        description: value,
        value,
      })),
      isActive: (value) => value === answers.edges,
    });
    return edges === back ? back : { ...answers, edges };
  });
}

export function thresholdStep(): ConditionalStep<AnalyseAnswers> {
  return withOtherSettings(async (answers, place) => {
    const text = await askTextStep({
      place,
      prompt: 'Least cosine of two notes that are joined, such as 0.5; empty for any',
      value: answers.threshold === null ? '' : String(answers.threshold),
      refuse(typed) {
        if (typed === '') return null;
        const value = Number(typed);
        return value >= -1 && value <= 1 ? null : 'Enter a cosine between -1 and 1, or nothing.';
      },
    });
    if (text === back) return back;
    return { ...answers, threshold: text === '' ? null : Number(text) };
  });
}

export function clustersStep(): ConditionalStep<AnalyseAnswers> {
  return withOtherSettings(async (answers, place) => {
    const text = await askTextStep({
      place,
      prompt: 'How many clusters of k-means? Empty for as many as there are categories',
      value: answers.clusters === null ? '' : String(answers.clusters),
      refuse: (typed) => (typed === '' ? null : wholeProblem(typed, 2)),
    });
    if (text === back) return back;
    return { ...answers, clusters: text === '' ? null : Number(text) };
  });
}

function wholeProblem(text: string, least: number): string | null {
  const value = Number(text);
  if (text !== '' && Number.isInteger(value) && value >= least) return null;
  return `Enter a whole number of ${least} or more.`;
}
