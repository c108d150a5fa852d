import { count } from '../core/base/wording.js';
import { describeDates } from '../core/corpus/dates.js';
import { openCorpus } from '../core/corpus/openCorpus.js';
import { summariseCorpus } from '../core/corpus/summary.js';
import { noNotes } from '../engine/job/documents.js';
import type { Command } from './command.js';
import { printFacts, printJson } from './output.js';
import { corpusSpec, jsonOption, mappingOptions } from './sharedOptions.js';
import type { MissingCount } from '../core/corpus/corpus.js';
import { withoutPatients } from '../protocol/catalogue/fieldRoles.js';
import { describeDialect } from '../protocol/catalogue/reading.js';

const options = { ...mappingOptions, ...jsonOption } as const;
/** Most problems listed on the terminal; --json lists all. */
const shownProblems = 10;

export const corpusCommand: Command<typeof options> = {
  name: 'corpus',
  summary: 'Says what is in a corpus: documents, categories, lengths, problems',
  usage: 'SOURCE [options]',
  example: 'corpus notes.csv --text-field body',
  positionals: 1,
  options,
  async run(parsed, [source = ''], { terminal, signal, cwd }) {
    const spec = corpusSpec(source, parsed, cwd);
    const summary = await summariseCorpus(await openCorpus(spec, signal), signal);
    const { documents, categories, words, mapping, dates, problems, skipped } = summary;
    const { encoding, dialect, fields, columns, kept, missing, classes, groups } = summary;
    if (documents === 0) throw noNotes(spec, problems);
    if (parsed.json) {
      printJson(terminal, {
        documents,
        skipped,
        encoding,
        dialect,
        fields,
        columns,
        kept,
        categories,
        words,
        groups,
        mapping,
        dates,
        missing,
        classes,
        problems,
      });
      return;
    }
    const named = Object.entries(categories).map(([name, number]) => `${name} (${count(number)})`);
    const mapped = Object.entries(mapping).filter(([, field]) => field !== null);
    printFacts(terminal, [
      ['documents', count(documents)],
      ['categories', named.length === 0 ? 'none' : named.join(', ')],
      ['patients', groups === 0 ? 'not known (--group-field)' : count(groups)],
      ['words', `median ${count(words.median)}, 95th percentile ${count(words.p95)}`],
      ['mapping', mapped.map(([part, field]) => `${part} = ${field ?? ''}`).join(', ') || 'none'],
      ['fields', fields.join(', ') || 'none'],
      ['kept', kept.map(({ name, type }) => `${name} (${type})`).join(', ') || 'none (--keep)'],
      ...(encoding === null ? [] : [['encoding', encoding] as const]),
      ...(dialect === null ? [] : [['table', describeDialect(dialect)] as const]),
      ['missing', missing.map(describeMissing).join(', ') || 'none'],
      ...(classes.length === 0
        ? []
        : [['perhaps missing', classes.map(describeMissing).join(', ')] as const]),
      ['dates', dates === null ? 'none' : describeDates(dates)],
      ['problems', `${count(problems.length)} (${count(skipped)} skipped)`],
    ]);
    if (groups === 0) terminal.out(`  ${withoutPatients}`);
    for (const { where, what } of problems.slice(0, shownProblems)) {
      terminal.out(`  ${where}: ${what}`);
    }
    if (problems.length > shownProblems) {
      terminal.out(`  and ${count(problems.length - shownProblems)} more (--json lists them)`);
    }
  },
};

function describeMissing({ field, value, count: times }: MissingCount): string {
  return `${field} = ${value === '' ? '(empty)' : value} (${count(times)})`;
}
