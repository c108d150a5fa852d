import { fromSystemError, usageError } from '../core/base/errors.js';
import { makeFolder } from '../core/base/files.js';
import { isAlive, readState, writeJob } from '../engine/runFolder.js';
import type { MergeRatio } from '../core/train/config.js';
import { losses } from '../protocol/catalogue/losses.js';
import { objectiveNames } from '../protocol/catalogue/objectives.js';
import { objectiveEntries } from '../protocol/catalogue/training.js';
import type { PretrainJob } from '../protocol/pretraining.js';
import type { Command } from './command.js';
import { readConfig } from './configFile.js';
import { parseDuration } from './duration.js';
import { modelFolder } from './jobContext.js';
import type { ParsedOptions } from './options.js';
import { sayPretrained } from './pretrained.js';
import { wasRefused } from './refusedRun.js';
import { resumedJob } from './resumedJob.js';
import type { AskedJob } from './resumedJob.js';
import {
  absolute,
  agreeOption,
  corpusOptions,
  corpusSpec,
  deviceOption,
  jsonOption,
  seedOption,
} from './sharedOptions.js';
import { runIn } from './runIn.js';

const { categoryLoss } = losses.category.settings;

const options = {
  ...corpusOptions,
  objective: {
    type: 'text',
    placeholder: 'OBJECTIVE',
    choices: objectiveNames,
    sentences: Object.fromEntries(
      objectiveNames.map((name) => [name, objectiveEntries[name].sentence]),
    ),
    required: true,
    help: 'what to learn',
  },
  base: { type: 'text', placeholder: 'MODEL', required: true, help: 'model to start from' },
  out: {
    type: 'text',
    placeholder: 'DIR',
    required: true,
    help: "the run's folder; the model goes to DIR/model",
  },
  'loss-weights': {
    type: 'text',
    placeholder: 'WEIGHTS',
    help: `weights of the losses, such as ${weightExamples().join(' or ')}`,
  },
  'category-loss': {
    type: 'text',
    placeholder: 'LOSS',
    choices: categoryLoss.choices,
    help: 'how categories are learned',
  },
  config: {
    type: 'text',
    placeholder: 'FILE',
    help: 'JSON with training settings, such as learningRate and epochs',
  },
  'merge-with-base': {
    type: 'text',
    placeholder: 'RATIO',
    help: 'merge the result with its base: auto, or the share of the trained model',
  },
  ...deviceOption('train'),
  'max-steps': { type: 'number', placeholder: 'N', help: 'steps after which to stop' },
  'max-time': {
    type: 'text',
    placeholder: 'TIME',
    help: 'train for about this long, such as 45m or 8h, and then end with the model',
  },
  ...seedOption,
  ...agreeOption,
  resume: { type: 'flag', help: 'go on from the last checkpoint of DIR' },
  ...jsonOption,
} as const;

export const pretrainCommand: Command<typeof options> = {
  name: 'pretrain',
  summary: 'Goes on training a model on your own notes',
  usage: '--corpus SOURCE --objective OBJECTIVE --base MODEL --out DIR [options]',
  example:
    'pretrain --corpus notes.csv --objective mlm --base bundled --out adapted --max-steps 500',
  positionals: 0,
  options,
  async run(parsed, _positionals, context) {
    const { terminal, cwd, now } = context;
    const out = absolute(parsed.out, cwd);
    if (parsed['max-steps'] === 0) throw usageError('--max-steps is 1 or more.');
    const asked: AskedJob = {
      corpus: corpusSpec(parsed.corpus, parsed, cwd),
      objective: parsed.objective,
      base: await modelFolder(parsed.base, context, parsed.yes),
      device: parsed.device,
      maxSteps: parsed['max-steps'],
      seed: parsed.seed,
      config: await askedConfig(parsed, cwd),
    };
    const spec = await prepareFolder(out, asked, parsed.resume, now());
    const result = await runIn(out, spec, context);
    sayPretrained(result, parsed.json, terminal);
  },
};

async function askedConfig(
  parsed: ParsedOptions<typeof options>,
  cwd: string,
): Promise<Record<string, unknown>> {
  const { config, 'loss-weights': lossWeights, 'category-loss': categoryLoss } = parsed;
  const merge = parsed['merge-with-base'];
  const time = parsed['max-time'];
  return {
    ...(config === null ? {} : await readConfig(absolute(config, cwd))),
    ...(lossWeights === null ? {} : { lossWeights: parseLossWeights(lossWeights) }),
    ...(categoryLoss === null ? {} : { categoryLoss }),
    ...(merge === null ? {} : { mergeWithBase: parseRatio(merge) }),
    ...(time === null ? {} : { maxSeconds: parseDuration(time, '--max-time') }),
  };
}

/** The range is checked with the other settings. */
function parseRatio(text: string): MergeRatio {
  if (text === 'auto') return text;
  const ratio = Number(text);
  if (Number.isFinite(ratio)) return ratio;
  throw usageError(`--merge-with-base is auto or a number such as 0.5, not "${text}".`);
}

/** "ntXent=1,mlm=1": the weights of each objective that has more than one loss. */
function weightExamples(): string[] {
  const examples = objectiveNames
    .map((name) => Object.entries(objectiveEntries[name].lossWeights))
    .filter((weights) => weights.length > 1)
    .map((weights) => weights.map(([loss, weight]) => `${loss}=${weight}`).join(','));
  return [...new Set(examples)];
}

/** "mlm=1,category=0.1" as an object. */
export function parseLossWeights(text: string): Record<string, number> {
  const weights: Record<string, number> = {};
  for (const part of text.split(',')) {
    const [name, value, ...rest] = part.split('=').map((side) => side.trim());
    const weight = Number(value);
    if (!name || !value || rest.length > 0 || !Number.isFinite(weight) || weight < 0) {
      throw usageError(
        `--loss-weights needs names and numbers such as ${weightExamples().join(' or ')}, not "${part}".`,
      );
    }
    weights[name] = weight;
  }
  return weights;
}

/**
 * Writes the job into its folder. A new run needs a folder without a run; a resumed run must not be
 * running. A refused call changes nothing.
 */
async function prepareFolder(
  out: string,
  asked: AskedJob,
  resume: boolean,
  now: number,
): Promise<PretrainJob> {
  const found = await readState(out, now);
  const state = found !== null && (await wasRefused(out, found)) ? null : found;
  if (resume && state === null) {
    throw usageError(`There is no run in ${out} to resume: leave --resume away to start one.`);
  }
  if (!resume && state !== null) {
    throw usageError(`${out} holds a run already: choose another --out, or add --resume.`);
  }
  if (state !== null && isAlive(state, now)) {
    throw usageError(`The run in ${out} is still at work: wait for it, or cancel it.`);
  }
  const spec = resume ? await resumedJob(out, asked) : newJob(asked);
  try {
    await makeFolder(out, 0o700);
    await writeJob(out, spec, now);
  } catch (error) {
    throw fromSystemError(error, `The run folder ${out}`);
  }
  return spec;
}

function newJob(asked: AskedJob): PretrainJob {
  const { seed, device } = asked;
  return { ...asked, kind: 'pretrain', seed: seed ?? 0, device: device ?? 'auto', resume: false };
}
