import { usageError } from '../core/base/errors.js';
import { runEvaluateJob } from '../engine/job/evaluateJob.js';
import { withTarget } from '../engine/targetColumn.js';
import { protocolEntries, targetProtocols } from '../protocol/catalogue/evaluation.js';
import { automatic } from '../protocol/catalogue/devices.js';
import { targetFields } from '../protocol/catalogue/fieldRoles.js';
import { protocolNames } from '../protocol/catalogue/protocols.js';
import type { ProtocolName } from '../protocol/catalogue/protocols.js';
import type { Shots } from '../protocol/catalogue/evaluation.js';
import { readShots, usualShots } from '../protocol/catalogue/shots.js';
import { proposedWords } from '../protocol/evaluation.js';
import type { ClassificationSpec, EvaluateJob } from '../protocol/evaluation.js';
import type { Command, CommandContext } from './command.js';
import { comparedModelsOptions, modelFolders, runAs } from './comparedModels.js';
import { evaluationDocument, printEvaluation } from './evaluateOutput.js';
import { proposeWords, wordsIn } from './evaluateWords.js';
import { readConfig } from './configFile.js';
import type { ParsedOptions } from './options.js';
import { printJson } from './output.js';
import {
  absolute,
  agreeOption,
  corpusOptions,
  corpusSpec,
  deviceOption,
  jsonOption,
  seedOption,
} from './sharedOptions.js';

/** Every protocol that predicts a field. */
const both = 'both';

const options = {
  ...corpusOptions,
  ...comparedModelsOptions('to compare', 'the report and the predictions'),
  protocol: {
    type: 'text',
    placeholder: 'PROTOCOL',
    choices: [...protocolNames, both],
    sentences: {
      ...Object.fromEntries(protocolNames.map((name) => [name, protocolEntries[name].sentence])),
      [both]: `${targetProtocols.join(' and ')}, on the same notes.`,
    },
    required: true,
    help: 'what is measured',
  },
  target: {
    type: 'text',
    placeholder: 'FIELD',
    help: `what is predicted: ${targetFields.join(', ')} or any other column`,
  },
  labels: {
    type: 'text',
    placeholder: 'NUMBER',
    choices: ['one', 'several'],
    help: 'whether a note has one label or several; several are guessed from lists such as "a; b"',
  },
  shots: {
    type: 'text',
    placeholder: 'LIST',
    help: `labels per class, such as 16,64,all (default: ${usualShots.join(',')})`,
  },
  seeds: {
    type: 'number',
    placeholder: 'N',
    help: 'number of seeds, each with a sample of its own (default: as many as the protocol takes)',
  },
  'without-words': {
    type: 'text',
    placeholder: `FILE|${proposedWords}`,
    help: 'measure a second time without the words in FILE, one a line, that name the target; or without the proposed ones',
  },
  'propose-words': {
    type: 'text',
    placeholder: 'FILE',
    help: 'only write the words that name the target to FILE, to edit and give to --without-words',
  },
  config: {
    type: 'text',
    placeholder: 'FILE',
    help: 'settings of fine-tuning, as JSON: learningRate, epochs, lora, classWeights and others',
  },
  ...deviceOption('embed', 'train'),
  ...seedOption,
  ...agreeOption,
  ...jsonOption,
} as const;

type Given = ParsedOptions<typeof options>;

export const evaluateCommand: Command<typeof options> = {
  name: 'evaluate',
  summary: 'Compares models on held-out notes that none of them was trained on',
  usage: '--corpus SOURCE --models M1,M2 --protocol PROTOCOL [options]',
  example:
    'evaluate --corpus notes.csv --models bundled,adapted --protocol frozen --target category',
  positionals: 0,
  options,
  async run(parsed, _positionals, context) {
    const { terminal, cwd } = context;
    const spec = await jobOf(parsed, context);
    const words = parsed['propose-words'];
    if (words !== null) {
      await proposeWords(absolute(words, cwd), spec, context, parsed.json);
      return;
    }
    const result = await runAs(spec, parsed.out, runEvaluateJob, context);
    if (parsed.json) printJson(terminal, evaluationDocument(result, spec.seed));
    else printEvaluation(result, spec.protocol, context);
  },
};

async function jobOf(parsed: Given, context: CommandContext): Promise<EvaluateJob> {
  const [protocol, also] = protocolsOf(parsed.protocol);
  const job: EvaluateJob = {
    kind: 'evaluate',
    protocol,
    ...(also === undefined ? {} : { also }),
    corpus: withTarget(corpusSpec(parsed.corpus, parsed, context.cwd), parsed.target),
    models: await modelFolders(parsed.models, context, parsed.yes),
    seed: parsed.seed ?? 0,
    device: parsed.device ?? automatic.name,
  };
  if (protocolEntries[protocol].target === null) {
    refuseUnused(parsed, protocol);
    return job;
  }
  return { ...job, classification: await classificationOf(parsed, context) };
}

function protocolsOf(name: Given['protocol']): readonly [ProtocolName, ProtocolName?] {
  if (name !== both) return [name];
  const [first, second] = targetProtocols;
  if (first === undefined) throw new Error('no protocol predicts a field');
  return second === undefined ? [first] : [first, second];
}

const ofClassification = [
  'target',
  'labels',
  'shots',
  'seeds',
  'without-words',
  'propose-words',
  'config',
  'out',
] as const satisfies readonly (keyof typeof options)[];

function refuseUnused(parsed: Given, protocol: ProtocolName): void {
  const given = ofClassification.find((name) => parsed[name] !== null);
  if (given === undefined) return;
  throw usageError(
    `--${given} means nothing to the protocol ${protocol}, which predicts no field: leave it out.`,
  );
}

async function classificationOf(
  parsed: Given,
  { cwd }: CommandContext,
): Promise<ClassificationSpec> {
  const { target, labels, seeds } = parsed;
  if (target === null) {
    throw usageError(
      `--protocol ${parsed.protocol} predicts a field of the notes: name it with --target ${targetFields.join(' or --target ')}, or name another column.`,
    );
  }
  if (seeds !== null && !(Number.isInteger(seeds) && seeds >= 1)) {
    throw usageError(`--seeds needs a whole number of 1 or more, not ${seeds}.`);
  }
  const words = parsed['without-words'];
  return {
    target,
    labels: labels ?? 'auto',
    shots: parsed.shots === null ? usualShots : shotsOf(parsed.shots),
    seeds,
    withoutWords: words === null ? [] : await wordsIn(words, cwd),
    fineTuning: parsed.config === null ? {} : await readConfig(absolute(parsed.config, cwd)),
    store: null,
  };
}

function shotsOf(list: string): readonly Shots[] {
  const read = readShots(list);
  if ('shots' in read) return read.shots;
  throw usageError(`--shots needs numbers of labels such as 16,64,all, not "${read.wrong}".`);
}
