/** What a subcommand is, and what it receives. */
import type { OptionTable, ParsedOptions } from './options.js';

export interface Terminal {
  /** Result on standard output: one JSON document, or text for a person. */
  out(text: string): void;
  /** A line on standard error. */
  say(line: string): void;
  readonly progress: Progress;
}

export interface Progress {
  show(progress: { phase: string; done: number; total: number | null; unit: string }): void;
  /** Ends the line that is being updated. */
  end(): void;
}

export interface CommandContext {
  readonly terminal: Terminal;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly now: () => number;
}

export interface Command<Options extends OptionTable = OptionTable> {
  readonly name: string;
  /** Its line in the list of commands. */
  readonly summary: string;
  /** What follows the command's name: "SOURCE [options]". */
  readonly usage: string;
  /** A call that works as it stands, without the word "notespace". */
  readonly example: string;
  /** How many words the command takes, and how many of them may be left out. */
  readonly positionals: number;
  readonly optionalPositionals?: number;
  readonly options: Options;
  run(
    options: ParsedOptions<Options>,
    positionals: readonly string[],
    context: CommandContext,
  ): Promise<void>;
}

/** A command without its option types, so that all commands fit into one table. */
export type AnyCommand = Omit<Command, 'run'> & {
  run(options: never, positionals: readonly string[], context: CommandContext): Promise<void>;
};
