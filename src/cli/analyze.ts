import { usageError } from '../core/base/errors.js';
import { modelName } from '../engine/bundledModel.js';
import { runAnalyzeJob } from '../engine/job/analyzeJob.js';
import {
  analysisFigureNames,
  analysisFigures,
  analysisFigureText,
  analysisPartNames,
  edgeRuleEntries,
  edgeRules,
  figuresOfPart,
  usualNeighbours,
} from '../protocol/catalogue/analysis.js';
import { automatic } from '../protocol/catalogue/devices.js';
import type { AnalyzedModel, AnalyzeJob, AnalyzeResult } from '../protocol/analysis.js';
import type { Command, CommandContext } from './command.js';
import { comparedModelsOptions, modelFolders, runAs } from './comparedModels.js';
import type { ParsedOptions } from './options.js';
import { printJson, printTable } from './output.js';
import {
  absolute,
  agreeOption,
  corpusOptions,
  corpusSpec,
  deviceOption,
  jsonOption,
  seedOption,
} from './sharedOptions.js';

const options = {
  ...corpusOptions,
  ...comparedModelsOptions('to analyse', 'the report'),
  store: {
    type: 'text',
    placeholder: 'DIR',
    help: 'index of the same notes, whose vectors are used for its model',
  },
  neighbours: {
    type: 'number',
    placeholder: 'N',
    help: `nearest neighbours of each note in the graph (default ${usualNeighbours})`,
  },
  edges: {
    type: 'text',
    placeholder: 'RULE',
    choices: edgeRules,
    sentences: edgeRuleEntries,
    help: 'when two notes are joined in the graph (default either)',
  },
  threshold: {
    type: 'text',
    placeholder: 'COSINE',
    help: 'least cosine of two notes that are joined (default: any)',
  },
  clusters: {
    type: 'number',
    placeholder: 'N',
    help: 'clusters of k-means (default: as many as there are categories)',
  },
  'with-text': {
    type: 'flag',
    help: 'show passages that recur, which are text of notes, in the report',
  },
  ...deviceOption('embed'),
  ...seedOption,
  ...agreeOption,
  ...jsonOption,
} as const;

type Given = ParsedOptions<typeof options>;

export const analyzeCommand: Command<typeof options> = {
  name: 'analyze',
  summary: 'Measures the embedding spaces of models: similarity, clusters and graphs',
  usage: '--corpus SOURCE --models M1,M2 [options]',
  example: 'analyze --corpus notes.csv --models bundled,adapted --out spaces',
  positionals: 0,
  options,
  async run(parsed, _positionals, context) {
    const spec = await jobOf(parsed, context);
    const result = await runAs(spec, parsed.out, runAnalyzeJob, context);
    if (parsed.json) printJson(context.terminal, documentOf(result));
    else print(result, context);
  },
};

async function jobOf(parsed: Given, context: CommandContext): Promise<AnalyzeJob> {
  return {
    kind: 'analyze',
    corpus: corpusSpec(parsed.corpus, parsed, context.cwd),
    models: await modelFolders(parsed.models, context, parsed.yes),
    device: parsed.device ?? automatic.name,
    seed: parsed.seed ?? 0,
    neighbours: wholeFrom(1, 'neighbours', parsed.neighbours) ?? usualNeighbours,
    edges: parsed.edges ?? 'either',
    threshold: parsed.threshold === null ? null : cosineOf(parsed.threshold),
    clusters: wholeFrom(2, 'clusters', parsed.clusters),
    withText: parsed['with-text'],
    store: parsed.store === null ? null : absolute(parsed.store, context.cwd),
  };
}

function wholeFrom(least: number, name: keyof Given, value: number | null): number | null {
  if (value === null || (Number.isInteger(value) && value >= least)) return value;
  throw usageError(`--${name} needs a whole number of ${least} or more, not ${value}.`);
}

function cosineOf(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= -1 && value <= 1) return value;
  throw usageError(`--threshold needs a cosine between -1 and 1, such as 0.5, not "${text}".`);
}

/** The JSON document: every figure is there, `null` where it is not defined. */
function documentOf(result: AnalyzeResult): Record<string, unknown> {
  const { models, settings, kind: _kind, ...rest } = result;
  return {
    models: models.map((model) => {
      const { model: folder, figures, edges, components, denseClusters, communities } = model;
      const parts = Object.fromEntries(
        analysisPartNames.map((part) => [
          part,
          Object.fromEntries(
            figuresOfPart(part).map((name) => [name, figures[name]?.value ?? null]),
          ),
        ]),
      );
      return {
        model: folder,
        ...parts,
        clusters: { ...parts['clusters'], count: model.clusters, dense: denseClusters },
        graph: { ...parts['graph'], edges, components, communities },
        intervals: intervalsOf(model),
        possibleMislabels: model.mislabels,
        settings,
      };
    }),
    ...rest,
  };
}

function intervalsOf({ figures }: AnalyzedModel): Record<string, unknown> {
  return Object.fromEntries(
    analysisFigureNames.map((name) => {
      const figure = figures[name];
      return [name, { low: figure?.low ?? null, high: figure?.high ?? null }];
    }),
  );
}

function print({ models, findings }: AnalyzeResult, { terminal }: CommandContext): void {
  const shown = analysisFigureNames.filter((name) =>
    models.some(({ figures }) => figures[name] !== undefined),
  );
  printTable(
    terminal,
    ['figure', ...models.map(({ model }) => modelName(model))],
    shown.map((name) => [
      analysisFigures[name].label,
      ...models.map(({ figures }) => {
        const { value = null, low = null, high = null } = figures[name] ?? {};
        const text = (number: number | null): string => analysisFigureText(name, number);
        if (low === null || high === null) return text(value);
        return `${text(value)} (${text(low)} to ${text(high)})`;
      }),
    ]),
  );
  for (const sentence of findings) terminal.out(sentence);
}
