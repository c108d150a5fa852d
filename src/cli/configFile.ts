/** Reads a file of settings that an option names. */
import { readFile } from 'node:fs/promises';
import { fromSystemError, usageError } from '../core/base/errors.js';
import { exists } from '../core/base/files.js';

export async function readConfig(path: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (!(await exists(path))) throw usageError(`There is no file ${path}: check --config.`);
    throw fromSystemError(error, path);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
  } catch {
    // reported below
  }
  throw usageError(`${path} is no JSON object: give --config settings such as {"epochs": 2}.`);
}
