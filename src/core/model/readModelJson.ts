import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failure, fromSystemError, systemCode } from '../base/errors.js';

/**
 * Parses one of the model's JSON files, which must hold an object; `null` if there is no such file.
 */
export async function readModelJson(
  folder: string,
  name: string,
): Promise<Record<string, unknown> | null> {
  const json = await parseModelFile(folder, name);
  if (json === null) return null;
  if (typeof json.value === 'object' && json.value !== null && !Array.isArray(json.value)) {
    return json.value as Record<string, unknown>;
  }
  throw failure(`The model file ${json.path} is not a JSON object: copy or download it again.`);
}

/** The same for a file that must hold a list. */
export async function readModelJsonList(folder: string, name: string): Promise<unknown[] | null> {
  const json = await parseModelFile(folder, name);
  if (json === null) return null;
  if (Array.isArray(json.value)) return json.value as unknown[];
  throw failure(`The model file ${json.path} is not a JSON list: copy or download it again.`);
}

async function parseModelFile(
  folder: string,
  name: string,
): Promise<{ readonly path: string; readonly value: unknown } | null> {
  const path = join(folder, name);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw fromSystemError(error, `The model file ${path}`);
  }
  try {
    return { path, value: JSON.parse(text) as unknown };
  } catch {
    // Reported by the caller, in the user's words.
    return { path, value: undefined };
  }
}
