import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { commandIds } from '../contributions.js';

/** A button of a panel runs commands of ours, and no others. */
export const actionSchema = z.object({
  type: z.literal('action'),
  command: z.enum(Object.values(commandIds)),
});

export function runCommand(command: string, args?: object): void {
  // Commands tell the user themselves what went wrong.
  void vscode.commands.executeCommand(command, args);
}
