/** What the user is told: sentences as notifications, everything else in the log. */
import * as vscode from 'vscode';
import { Cancelled, UserError } from '../core/base/errors.js';

export interface Notices {
  /** Resolves to the button that was chosen, if one was. */
  info(message: string, ...buttons: string[]): Promise<string | undefined>;
  warn(message: string, ...buttons: string[]): Promise<string | undefined>;
  /** A user's mistake or the world's failure by its sentence; a bug by its trace in the log. */
  error(error: unknown, ...buttons: string[]): Promise<string | undefined>;
  /** A question that stops everything else; `button` says what happens when it is pressed. */
  confirm(question: string, detail: string, button: string): Promise<boolean>;
  /** For tests, which cannot press a button there: how the next question is answered. */
  readonly answerNext: (agree: boolean) => void;
  /** A sentence for the status bar that goes away by itself. */
  brief(message: string): void;
  log(message: string): void;
  /** What went wrong without the user having to know. */
  logError(message: string): void;
  /** What was shown last, the newest at the end. */
  readonly shown: () => readonly string[];
}

const mostRemembered = 50;

export function createNotices(channel: vscode.LogOutputChannel): Notices {
  const shown: string[] = [];
  const answers: boolean[] = [];
  function remember(message: string): void {
    shown.push(message);
    if (shown.length > mostRemembered) shown.shift();
  }
  return {
    async info(sentence, ...buttons) {
      const message = withoutLinks(sentence);
      remember(message);
      return vscode.window.showInformationMessage(message, ...buttons);
    },
    async warn(sentence, ...buttons) {
      const message = withoutLinks(sentence);
      remember(message);
      channel.warn(message);
      return vscode.window.showWarningMessage(message, ...buttons);
    },
    async error(error, ...buttons) {
      if (error instanceof Cancelled) return undefined;
      const message = withoutLinks(sentenceOf(error));
      remember(message);
      if (error instanceof UserError) {
        channel.error(message);
        return vscode.window.showErrorMessage(message, ...buttons);
      }
      channel.error(traceOf(error));
      const openLog = 'Open Log';
      const chosen = await vscode.window.showErrorMessage(message, openLog);
      if (chosen === openLog) channel.show();
      return undefined;
    },
    async confirm(asked, why, button) {
      const [question, detail] = [withoutLinks(asked), withoutLinks(why)];
      remember(`${question} ${detail}`);
      const answer = process.env['NOTESPACE_TEST'] === '1' ? answers.shift() : undefined;
      if (answer !== undefined) return answer;
      const options = { modal: true, detail };
      return (await vscode.window.showWarningMessage(question, options, button)) === button;
    },
    answerNext: (agree) => answers.push(agree),
    brief(sentence) {
      const message = withoutLinks(sentence);
      remember(message);
      vscode.window.setStatusBarMessage(message, 10_000);
    },
    log: (message) => channel.info(message),
    logError: (message) => channel.error(message),
    shown: () => shown,
  };
}

/**
 * Names of files and models, and what a downloaded model says, stand in our sentences. The editor makes a
 * link of `[label](command:…)` in them, which runs a command: a word joiner between the two keeps it text.
 */
export function withoutLinks(sentence: string): string {
  return sentence.replaceAll('](', ']\u2060(');
}

export function sentenceOf(error: unknown): string {
  return error instanceof UserError
    ? error.message
    : 'Something went wrong inside Notespace: its log says where.';
}

/** Places only: the message of an unexpected error may quote what was read, which may be a note. */
function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Something that is no error was thrown.';
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [error.name, ...frames].join('\n');
}
