/** Checks what stands in a run folder, and says in one sentence what does not fit. */
import type * as z from 'zod/mini';
import { failure, usageError } from '../core/base/errors.js';

/**
 * The value as it was read, once it is known to fit.
 *
 * @param file the file's path, for the sentence
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

/** A name or a format that this version does not know, where it knows others. */
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

/** Names of fields alone: what stands in them may be anything. */
function placeOf({ path }: Issue): string {
  return path.map(String).join('.');
}
