import * as vscode from 'vscode';
import * as z from 'zod/mini';
import { commandIds } from '../contributions.js';

/** A button in a panel may run only our own commands. */
export const actionSchema = z.object({
  type: z.literal('action'),
  command: z.enum(Object.values(commandIds)),
});

export function runCommand(command: string, args?: object): void {
  // Commands report their own errors.
  void vscode.commands.executeCommand(command, args);
}
