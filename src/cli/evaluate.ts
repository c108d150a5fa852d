import { usageError } from '../core/base/errors.js';
import { modelName } from '../engine/bundledModel.js';
import { runEvaluateJob } from '../engine/job/evaluateJob.js';
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
    choices: ['mlm'],
    required: true,
    help: 'mlm: masked-token loss and perplexity on held-out notes',
  },
  ...seedOption,
  ...agreeOption,
  ...jsonOption,
} as const;

export const evaluateCommand: Command<typeof options> = {
  name: 'evaluate',
  summary: 'Compares models on held-out notes that none of them was trained on',
  usage: '--corpus SOURCE --models M1,M2 --protocol mlm [options]',
  positionals: 0,
  options,
  async run(parsed, _positionals, context) {
    const { terminal, cwd } = context;
    const names = parsed.models.split(',').map((name) => name.trim());
    if (names.includes('')) throw usageError('--models needs names with commas between them.');
    const models: string[] = [];
    for (const name of names) models.push(await modelFolder(name, context, parsed.yes));
    const seed = parsed.seed ?? 0;
    const result = await runEvaluateJob(
      {
        kind: 'evaluate',
        protocol: 'mlm',
        corpus: corpusSpec(parsed.corpus, parsed, cwd),
        models,
        seed,
      },
      await plainJobContext(context),
    );
    if (parsed.json) {
      printJson(terminal, {
        results: result.results.map(({ model, protocol, accuracy, loss, perplexity }) => ({
          model,
          protocol,
          shots: null,
          seed,
          macroF1: null,
          accuracy,
          loss,
          perplexity,
        })),
        summary: [],
        verdict: result.verdict,
        leakage: result.leakage ?? null,
        documents: result.documents,
        maskedTokens: result.maskedTokens,
      });
      return;
    }
    const rows = result.results.map(({ model, loss, perplexity, accuracy }) => [
      loss.toFixed(4),
      perplexity.toPrecision(4),
      `${(100 * accuracy).toFixed(1)} %`,
      modelName(model),
    ]);
    printTable(terminal, ['loss', 'perplexity', 'first guess right', 'model'], rows);
    for (const sentence of result.verdict) terminal.out(sentence);
  },
};
