/** Runs a command line and returns its exit code: 0 done, 1 failed, 2 usage error, 130 cancelled. */
import { Cancelled, usageError } from '../core/base/errors.js';
import { describeError } from '../engine/runOwner.js';
import { traceOf } from '../engine/trace.js';
import { sourceKinds } from '../protocol/catalogue/sources.js';
import { analyzeCommand } from './analyze.js';
import { cancelCommand } from './cancel.js';
import { finishCommand } from './finish.js';
import type { AnyCommand, CommandContext } from './command.js';
import { completionCommand } from './completion.js';
import { corpusCommand } from './corpus.js';
import { doctorCommand } from './doctor.js';
import { evaluateCommand } from './evaluate.js';
import { indexCommand } from './index.js';
import { watchInterrupts } from './interrupt.js';
import { openCommand } from './open.js';
import { describeOptions, parseCall } from './options.js';
import { pretrainCommand } from './pretrain.js';
import { renameCommand } from './rename.js';
import { runsCommand } from './runs.js';
import { similarCommand } from './similar.js';
import { studyCommand } from './study.js';
import { createTerminal } from './terminal.js';
import type { Streams } from './terminal.js';

export interface Surroundings extends Streams {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly now: () => number;
}

const commands: readonly AnyCommand[] = [
  doctorCommand,
  corpusCommand,
  pretrainCommand,
  indexCommand,
  similarCommand,
  evaluateCommand,
  analyzeCommand,
  studyCommand,
  runsCommand,
  finishCommand,
  cancelCommand,
  renameCommand,
  openCommand,
  completionCommand(() => commands),
];

export async function runCommandLine(
  args: readonly string[],
  surroundings: Surroundings,
): Promise<number> {
  const { env, cwd, now } = surroundings;
  const terminal = createTerminal(surroundings, now);
  const interrupts = watchInterrupts((line) => terminal.say(line));
  try {
    await run(args, { terminal, signal: interrupts.signal, env, cwd, now });
    terminal.progress.end();
    return 0;
  } catch (error) {
    if (error instanceof Cancelled) {
      terminal.say(error.message);
      return 130;
    }
    const { message, kind } = describeError(error);
    terminal.say(`notespace: ${message}`);
    if (env['NOTESPACE_TRACE'] !== undefined) terminal.say(traceOf(error));
    return kind === 'usage' ? 2 : 1;
  } finally {
    interrupts.dispose();
  }
}

async function run(args: readonly string[], context: CommandContext): Promise<void> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    context.terminal.out(overview());
    return;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const names = commands.map((candidate) => candidate.name).join(', ');
    throw usageError(`There is no command ${name}: use one of ${names}.`);
  }
  const call = parseCall(name, command.options, command, rest);
  if (call.help) {
    context.terminal.out(helpOf(command));
    return;
  }
  await command.run(call.options as never, call.positionals, context);
}

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    'notespace: adapt a language model to your own notes, on your own machine.',
    '',
    ...commands.map(({ name, summary }) => `  notespace ${name.padEnd(width)}  ${summary}`),
    '',
    'MODEL is a Hugging Face folder, the name of a run, "bundled", or "hub:owner/name" (a download).',
    `SOURCE is ${sourceKinds()}, plain or .gz.`,
    'notespace COMMAND --help lists what a command takes.',
  ].join('\n');
}

function helpOf(command: AnyCommand): string {
  return [
    `notespace ${command.name} ${command.usage}`,
    '',
    `${command.summary}.`,
    ...(Object.keys(command.options).length === 0 ? [] : ['', describeOptions(command.options)]),
    '',
    `For example: notespace ${command.example}`,
  ].join('\n');
}
