/** Calls of the built command line, and what came of them. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'vitest';
import { program, secretWord } from '../engine/fixtures.js';

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Calls {
  readonly call: (...args: string[]) => { child: ChildProcess; outcome: Promise<Outcome> };
  readonly json: (...args: string[]) => Promise<Record<string, unknown>>;
  readonly refusal: (code: number, ...args: string[]) => Promise<string>;
}

export function callsIn(folder: string): Calls {
  /** Starts `notespace args` in `folder`. */
  function call(...args: string[]): { child: ChildProcess; outcome: Promise<Outcome> } {
    const child = spawn(process.execPath, [program('cli'), ...args], {
      cwd: folder,
      env: { ...process.env, NOTESPACE_CACHE: join(folder, 'cache') },
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

  async function json(...args: string[]): Promise<Record<string, unknown>> {
    const { code, stdout, stderr } = await call(...args, '--json').outcome;
    expect(stderr).not.toMatch(/^notespace:/m);
    expect(code).toBe(0);
    const document = JSON.parse(stdout) as Record<string, unknown>;
    expect(document['format']).toBe(1);
    return document;
  }

  /** The one line on standard error with which a call was refused. */
  async function refusal(code: number, ...args: string[]): Promise<string> {
    const outcome = await call(...args).outcome;
    expect(outcome.stdout).toBe('');
    const sentences = outcome.stderr.split('\n').filter((line) => line.startsWith('notespace: '));
    expect(sentences, outcome.stderr).toHaveLength(1);
    expect(outcome.stderr).not.toContain('bug in Notespace');
    expect(outcome.stderr).not.toContain(secretWord);
    expect(outcome.code).toBe(code);
    return sentences[0] ?? '';
  }

  return { call, json, refusal };
}
