/** Lists of the words that name what is predicted: proposed, edited, read. */
import { readFile } from 'node:fs/promises';
import { fromSystemError, usageError } from '../core/base/errors.js';
import { exists, writeFileAtomic } from '../core/base/files.js';
import { formatWordList, parseWordList } from '../core/evaluate/leakage/words.js';
import { runWordProposal } from '../engine/job/evaluateJob.js';
import { proposedWords } from '../protocol/evaluation.js';
import type { ClassificationSpec, EvaluateJob } from '../protocol/evaluation.js';
import type { CommandContext } from './command.js';
import { plainJobContext } from './jobContext.js';
import { printJson } from './output.js';
import { absolute } from './sharedOptions.js';

/** @param name of a file, or `proposed` */
export async function wordsIn(
  name: string,
  cwd: string,
): Promise<ClassificationSpec['withoutWords']> {
  if (name === proposedWords) return name;
  const path = absolute(name, cwd);
  if (!(await exists(path))) {
    throw usageError(`There is no file ${path}: make one with --propose-words, and edit it.`);
  }
  try {
    const words = parseWordList(await readFile(path, 'utf8'));
    if (words.length > 0) return words;
  } catch (error) {
    throw fromSystemError(error, `The list of words ${path}`);
  }
  throw usageError(`${path} holds no word: leave out --without-words, or add some.`);
}

/** @param path of a file that is written, to be edited */
export async function proposeWords(
  path: string,
  spec: EvaluateJob,
  context: CommandContext,
  asJson: boolean,
): Promise<void> {
  if (await exists(path)) {
    throw usageError(`${path} exists already: name another file for --propose-words.`);
  }
  const words = await runWordProposal(spec, await plainJobContext(context));
  await writeFileAtomic(path, formatWordList(words));
  if (asJson) {
    printJson(context.terminal, { file: path, words });
    return;
  }
  context.terminal.out(
    words.length === 0
      ? `No word that names a class occurs in the training notes: ${path} is empty.`
      : `${words.length} words that name a class are in ${path}: delete those that should stay, and give it to --without-words.`,
  );
}
