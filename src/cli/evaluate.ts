import { usageError } from '../core/base/errors.js';
import { modelName } from '../engine/bundledModel.js';
import { runEvaluateJob } from '../engine/job/evaluateJob.js';
import { figureEntries, figureText, protocolEntries } from '../protocol/catalogue/evaluation.js';
import { figureNames, protocolNames } from '../protocol/catalogue/protocols.js';
import type { EvaluateRow } from '../protocol/run.js';
import type { Command } from './command.js';
import { modelFolder, plainJobContext } from './jobContext.js';
import { printJson, printTable } from './output.js';
import { agreeOption, corpusOptions, corpusSpec, jsonOption, seedOption } from './sharedOptions.js';

const options = {
  ...corpusOptions,
  models: { type: 'text', placeholder: 'M1,M2', required: true, help: 'models to compare' },
  protocol: {
    type: 'text',
    placeholder: 'PROTOCOL',
    choices: protocolNames,
    sentences: Object.fromEntries(
      protocolNames.map((name) => [name, protocolEntries[name].sentence]),
    ),
    required: true,
    help: 'what is measured',
  },
  ...seedOption,
  ...agreeOption,
  ...jsonOption,
} as const;

export const evaluateCommand: Command<typeof options> = {
  name: 'evaluate',
  summary: 'Compares models on held-out notes that none of them was trained on',
  usage: '--corpus SOURCE --models M1,M2 --protocol PROTOCOL [options]',
  positionals: 0,
  options,
  async run(parsed, _positionals, context) {
    const { terminal, cwd } = context;
    const names = parsed.models.split(',').map((name) => name.trim());
    if (names.includes('')) throw usageError('--models needs names with commas between them.');
    const models: string[] = [];
    for (const name of names) models.push(await modelFolder(name, context, parsed.yes));
    const seed = parsed.seed ?? 0;
    const { protocol } = parsed;
    const result = await runEvaluateJob(
      {
        kind: 'evaluate',
        protocol,
        corpus: corpusSpec(parsed.corpus, parsed, cwd),
        models,
        seed,
      },
      await plainJobContext(context),
    );
    if (parsed.json) {
      printJson(terminal, {
        results: result.results.map((row) => ({
          model: row.model,
          protocol: row.protocol,
          shots: row.shots ?? null,
          seed: row.seed ?? seed,
          ...Object.fromEntries(figureNames.map((name) => [name, row[name] ?? null])),
        })),
        summary: [],
        verdict: result.verdict,
        leakage: result.leakage ?? null,
        documents: result.documents,
        maskedTokens: result.maskedTokens,
      });
      return;
    }
    const columns = columnsOf(result.results, protocolEntries[protocol].figures);
    printTable(
      terminal,
      columns.map(({ heading }) => heading),
      result.results.map((row) => columns.map(({ cell }) => cell(row))),
    );
    for (const sentence of result.verdict) terminal.out(sentence);
  },
};

interface Column {
  readonly heading: string;
  readonly cell: (row: EvaluateRow) => string;
}

/** The protocol's figures, shots and seed if any row has them, and the model. */
function columnsOf(
  rows: readonly EvaluateRow[],
  figures: readonly (typeof figureNames)[number][],
): Column[] {
  const drawn: Column[] = [
    { heading: 'shots', cell: ({ shots }) => String(shots ?? '') },
    { heading: 'seed', cell: ({ seed }) => String(seed ?? '') },
  ];
  return [
    ...figures.map((name) => ({
      heading: figureEntries[name].label.toLowerCase(),
      cell: (row: EvaluateRow) => figureText(name, row[name]),
    })),
    ...drawn.filter(({ cell }) => rows.some((row) => cell(row) !== '')),
    { heading: 'model', cell: ({ model }) => modelName(model) },
  ];
}
