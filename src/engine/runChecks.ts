/** Validates the files of a run folder, and reports in one sentence what is wrong. */
import type * as z from 'zod/mini';
import { failure, usageError } from '../core/base/errors.js';

/**
 * Returns the value unchanged if it is valid.
 *
 * @param file the file's path, for the message
 * @param run the run's name
 */
export function checked<T>(
  schema: z.ZodMiniType<T>,
  value: unknown,
  { file, run }: { readonly file: string; readonly run: string },
): T {
  const { success, error } = schema.safeParse(value);
  if (success) return value as T;
  const { issues } = error;
  if (issues.some((issue) => isNewName(issue, value))) {
    throw usageError(`The run ${run} was made by a newer version: update Notespace.`);
  }
  const places = [...new Set(issues.map(placeOf))].filter((place) => place !== '');
  const where = places.length === 0 ? '' : ` (${places.slice(0, 3).join(', ')})`;
  throw failure(`${file} is damaged${where}: delete the run.`);
}

type Issue = z.core.$ZodIssue;

/** Whether the cause is likely a newer version: an unknown key, or a name or format that is not listed. */
function isNewName(issue: Issue, root: unknown): boolean {
  if (issue.code === 'unrecognized_keys') return true;
  const isListed =
    issue.code === 'invalid_value' || (issue.code === 'invalid_union' && 'discriminator' in issue);
  if (!isListed) return false;
  const found = valueAt(root, issue.path);
  return typeof found === 'string' || typeof found === 'number';
}

function valueAt(root: unknown, path: Issue['path']): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? (value as Readonly<Record<PropertyKey, unknown>>)[key]
        : undefined,
    root,
  );
}

/** Names of fields only: their values may be sensitive. */
function placeOf({ path }: Issue): string {
  return path.map(String).join('.');
}
