import * as vscode from 'vscode';
import { usageError } from '../core/base/errors.js';

export const restrictedSentence =
  'This workspace is in Restricted Mode: trust it to let Notespace read its notes.';

/** Throws unless the workspace is trusted: engine and jobs must not run before. */
export function requireTrust(): void {
  if (!vscode.workspace.isTrusted) throw usageError(restrictedSentence);
}
