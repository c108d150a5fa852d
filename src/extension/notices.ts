/** Messages to the user: sentences as notifications, details in the log. */
import * as vscode from 'vscode';
import { Cancelled, UserError } from '../core/base/errors.js';

export interface Notices {
  /** Resolves to the chosen button, if any. */
  info(message: string, ...buttons: string[]): Promise<string | undefined>;
  warn(message: string, ...buttons: string[]): Promise<string | undefined>;
  /** Shows the sentence of a UserError; logs the trace of a bug. */
  error(error: unknown, ...buttons: string[]): Promise<string | undefined>;
  /** Asks in a modal dialogue; `button` names the action. */
  confirm(question: string, detail: string, button: string): Promise<boolean>;
  /** For tests, which cannot press buttons: sets the answer to the next question. */
  readonly answerNext: (agree: boolean) => void;
  /** A status bar message that disappears by itself. */
  brief(message: string): void;
  log(message: string): void;
  /** Logs an error that the user need not see. */
  logError(message: string): void;
  /** Recent messages, newest last. */
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
 * Our sentences may contain names of files and models, and text from a downloaded model. The editor
 * turns `[label](command:…)` into a link that runs a command; a word joiner prevents that.
 */
export function withoutLinks(sentence: string): string {
  return sentence.replaceAll('](', ']\u2060(');
}

export function sentenceOf(error: unknown): string {
  return error instanceof UserError
    ? error.message
    : 'Something went wrong inside Notespace: its log says where.';
}

/** Locations only: the message of an unexpected error may quote a note. */
function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return 'Something that is no error was thrown.';
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [error.name, ...frames].join('\n');
}
