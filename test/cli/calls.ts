/** `notespace` as it is called, from a folder of a test's own. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { program, secretWord } from '../engine/fixtures.js';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Calls {
  /** Starts `notespace args`. */
  readonly call: (...args: string[]) => { child: ChildProcess; outcome: Promise<Outcome> };
  /** The document of a call with `--json` that succeeds. */
  readonly json: (...args: string[]) => Promise<Record<string, unknown>>;
  /** The one line on standard error with which a call is refused. */
  readonly refusal: (code: number, ...args: string[]) => Promise<string>;
}

export function callsIn(folder: string, env: NodeJS.ProcessEnv = {}): Calls {
  const call = (...args: string[]): ReturnType<Calls['call']> =>
    startWords(folder, [process.execPath, program('cli'), ...args], env);
  return {
    call,
    async json(...args) {
      const { code, stdout, stderr } = await call(...args, '--json').outcome;
      expect(stderr).not.toMatch(/^notespace:/m);
      expect(code).toBe(0);
      const document = JSON.parse(stdout) as Record<string, unknown>;
      expect(document['format']).toBe(1);
      return document;
    },
    async refusal(code, ...args) {
      const outcome = await call(...args).outcome;
      expect(outcome.stdout).toBe('');
      const sentence = onlySentence(outcome);
      expect(outcome.code).toBe(code);
      return sentence;
    },
  };
}

/** Starts a program, a shell perhaps, in the folder that the calls of a test share. */
export function startWords(
  folder: string,
  [command = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv = {},
): ReturnType<Calls['call']> {
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...process.env, NOTESPACE_CACHE: join(folder, 'cache'), ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const outcome = new Promise<Outcome>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, outcome };
}

/** Fails where there are several, or one that blames us or quotes a note. */
export function onlySentence({ stderr }: Outcome): string {
  const sentences = stderr.split('\n').filter((line) => line.startsWith('notespace: '));
  expect(sentences, stderr).toHaveLength(1);
  expect(stderr).not.toContain('bug in Notespace');
  expect(stderr).not.toContain(secretWord);
  return sentences[0] ?? '';
}
