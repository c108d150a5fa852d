/** Training configurations as documents, which the editor completes and checks. */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import * as vscode from 'vscode';
import { fromSystemError } from '../../core/base/errors.js';
import type { ObjectiveName } from '../../protocol/catalogue/objectives.js';
import {
  configurationPath,
  parseConfiguration,
  startingConfiguration,
} from './trainingConfiguration.js';
import type { TrainingOverrides } from './trainingConfiguration.js';

/** Creates the document unless it exists: never overwrites the user's edits. */
export async function ensureConfiguration(
  home: string,
  objective: ObjectiveName,
): Promise<vscode.Uri> {
  const path = configurationPath(home, objective);
  const text = `${JSON.stringify(startingConfiguration(objective), null, 2)}\n`;
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw fromSystemError(error, path);
  }
  return vscode.Uri.file(path);
}

/** Reads the document, including unsaved edits; an invalid setting is reported in one sentence. */
export async function readConfiguration(uri: vscode.Uri): Promise<TrainingOverrides> {
  const document = await vscode.workspace.openTextDocument(uri);
  return parseConfiguration(document.getText(), basename(uri.path));
}
