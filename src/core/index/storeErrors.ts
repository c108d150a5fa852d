/** Turns errors of either store into sentences. */
import { failure, fromSystemError, isMemoryError, systemCode, UserError } from '../base/errors.js';

/** LanceDB reports system errors as text. */
const systemErrors: readonly (readonly [RegExp, string])[] = [
  [/no space left|os error 28\b|os error 112\b/i, 'ENOSPC'],
  [/quota exceeded|os error 122\b/i, 'EDQUOT'],
  [/read-only file system|os error 30\b/i, 'EROFS'],
  [/permission denied|access is denied|os error 13\b/i, 'EACCES'],
  [/input\/output error/i, 'EIO'],
  [/too many open files|os error 24\b/i, 'EMFILE'],
];
/** The code of every LanceDB error. */
const lanceCode = 'GenericFailure';

/** @param folder of the index */
export async function settle<T>(result: Promise<T>, folder: string): Promise<T> {
  try {
    return await result;
  } catch (error) {
    throw explained(error, folder);
  }
}

/** As `settle`, for streamed portions. */
export async function* settleEach<T>(portions: AsyncIterable<T>, folder: string): AsyncIterable<T> {
  try {
    yield* portions;
  } catch (error) {
    throw explained(error, folder);
  }
}

function explained(error: unknown, folder: string): unknown {
  if (error instanceof UserError || isMemoryError(error)) return error;
  const text = error instanceof Error ? error.message : String(error);
  const code = systemErrors.find(([pattern]) => pattern.test(text))?.[1] ?? systemCode(error);
  // The store may have been rebuilt between a reader's calls.
  if (code === 'ENOENT' || /not found|no such file/i.test(text)) {
    return failure(
      `The index ${folder} lacks a part of itself: try again, and if that does not help, delete this folder and index the notes again.`,
      { cause: error },
    );
  }
  if (code === lanceCode || error instanceof SyntaxError) {
    return failure(
      `The index ${folder} is broken or out of reach: try again, and if that does not help, delete this folder and index the notes again.`,
      { cause: error },
    );
  }
  if (code === undefined) return error;
  return fromSystemError(Object.assign(new Error(text), { code }), `The index ${folder}`);
}
