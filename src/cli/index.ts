import { count } from '../core/base/wording.js';
import { runIndexJob } from '../engine/job/indexJob.js';
import { automatic } from '../protocol/catalogue/devices.js';
import type { Command } from './command.js';
import { refusePrompts } from './refusePrompts.js';
import { modelFolder, plainJobContext } from './jobContext.js';
import { printFacts, printJson, seconds } from './output.js';
import {
  absolute,
  agreeOption,
  corpusOptions,
  corpusSpec,
  deviceOption,
  givenPrompts,
  jsonOption,
  promptOptions,
} from './sharedOptions.js';

const options = {
  ...corpusOptions,
  model: {
    type: 'text',
    placeholder: 'MODEL',
    required: true,
    help: 'model that embeds the notes',
  },
  store: { type: 'text', placeholder: 'DIR', required: true, help: "the index's folder" },
  ...promptOptions,
  ...deviceOption('embed'),
  ...agreeOption,
  ...jsonOption,
} as const;

export const indexCommand: Command<typeof options> = {
  name: 'index',
  summary: 'Embeds the notes of a corpus into an index; again, it embeds only what is new',
  usage: '--corpus SOURCE --model MODEL --store DIR [options]',
  example: 'index --corpus notes.csv --model bundled --store index',
  positionals: 0,
  options,
  async run(parsed, _positionals, context) {
    const { terminal, cwd } = context;
    const model = await modelFolder(parsed.model, context, parsed.yes);
    const prompts = givenPrompts(parsed);
    await refusePrompts(model, prompts);
    const { kind: _kind, ...result } = await runIndexJob(
      {
        kind: 'index',
        corpus: corpusSpec(parsed.corpus, parsed, cwd),
        model,
        store: absolute(parsed.store, cwd),
        device: parsed.device ?? automatic.name,
        prompts,
      },
      await plainJobContext(context),
    );
    if (parsed.json) {
      printJson(terminal, result);
      return;
    }
    printFacts(terminal, [
      ['documents', count(result.documents)],
      ['passages', count(result.passages)],
      ['embedded', count(result.embedded)],
      ['reused', count(result.reused)],
      ['removed', count(result.removed)],
      ['took', seconds(result.seconds)],
    ]);
  },
};
