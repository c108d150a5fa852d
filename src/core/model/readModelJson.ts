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
  const path = join(folder, name);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw fromSystemError(error, `The model file ${path}`);
  }
  try {
    const json: unknown = JSON.parse(text);
    if (typeof json === 'object' && json !== null && !Array.isArray(json)) {
      return json as Record<string, unknown>;
    }
  } catch {
    // Reported below, in the user's words.
  }
  throw failure(`The model file ${path} is not a JSON object: copy or download it again.`);
}
