import * as vscode from 'vscode';
import { usageError } from '../core/base/errors.js';

export const restrictedSentence =
  'This workspace is in Restricted Mode: trust it to let Notespace read its notes.';

/** No engine and no job runs before the user has trusted the workspace. */
export function requireTrust(): void {
  if (!vscode.workspace.isTrusted) throw usageError(restrictedSentence);
}
