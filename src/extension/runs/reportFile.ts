/** Files that a run left for a panel. */
import { readFile } from 'node:fs/promises';
import type * as z from 'zod/mini';
import { failure, fromSystemError, isAbsent } from '../../core/base/errors.js';

/**
 * @param again what makes a new file: "evaluate"
 * @returns `null` if there is no such file
 * @throws UserError if it is damaged or of a newer version
 */
export async function readReportFile<T>(
  path: string,
  schema: z.ZodMiniType<T>,
  again: string,
): Promise<T | null> {
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return null;
    throw fromSystemError(error, `The file ${path}`);
  }
  const parsed = schema.safeParse(parseJson(content));
  if (parsed.success) return parsed.data;
  throw failure(
    `${path} is damaged, or comes from a newer version of Notespace: ${again} again, or update Notespace.`,
  );
}

function parseJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}
