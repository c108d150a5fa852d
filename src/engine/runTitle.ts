/**
 * What people call a run: the name that they gave it, else what it does and when it began. Other files
 * refer to a run by the name of its folder, which never changes.
 */
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as z from 'zod/mini';
import { fromSystemError, usageError } from '../core/base/errors.js';
import { replaceFile } from '../core/base/files.js';
import { plainSourceName } from '../protocol/catalogue/sources.js';
import { runFileNames } from '../protocol/run.js';
import type { JobSpec, RunState } from '../protocol/run.js';
import { kindText } from './runText.js';

const schema = z.object({ format: z.literal(1), name: z.string() });
const longest = 80;

/** `null` if nobody has named the run, or the file is damaged. */
export async function readGivenTitle(folder: string): Promise<string | null> {
  try {
    const text = await readFile(join(folder, runFileNames.title), 'utf8');
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success && refuseTitle(parsed.data.name) === null ? parsed.data.name : null;
  } catch {
    return null;
  }
}

export async function renameRun(folder: string, title: string): Promise<void> {
  const problem = refuseTitle(title);
  if (problem !== null) throw usageError(problem);
  const path = join(folder, runFileNames.title);
  try {
    await replaceFile(path, `${JSON.stringify({ format: 1, name: title.trim() })}\n`);
  } catch (error) {
    throw fromSystemError(error, path);
  }
}

/** Why a name cannot be used, as a sentence; `null` if it can. */
export function refuseTitle(title: string): string | null {
  if (title.trim() === '') return 'Enter a name.';
  if (title.trim().length > longest) return `A name has at most ${longest} characters.`;
  return /\p{Cc}/u.test(title) ? 'A name is a single line.' : null;
}

/** "DeCLUTR on ward-notes, 24 Nov 09:30". */
export function runTitle({
  title,
  spec,
  state,
}: {
  readonly title?: string;
  readonly spec: JobSpec;
  readonly state: Pick<RunState, 'startedAt'>;
}): string {
  if (title !== undefined) return title;
  return `${kindText(spec)}${subjectOf(spec)}, ${dayAndTime(state.startedAt)}`;
}

function subjectOf(spec: JobSpec): string {
  switch (spec.kind) {
    case 'import':
      return ` of ${basename(spec.target)}`;
    case 'project':
      return ` of ${basename(spec.store)}`;
    case 'index':
    case 'evaluate':
    case 'analyze':
    case 'pretrain':
    case 'study':
      return ` on ${plainSourceName(basename(spec.corpus.source))}`;
  }
}

/** In local time. */
function dayAndTime(at: number): string {
  const date = new Date(at);
  const day = date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  return `${day} ${date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })}`;
}
