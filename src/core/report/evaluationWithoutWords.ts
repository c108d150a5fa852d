/** Of the report of an evaluation: the same without the words that name the classes. */
import type { EvaluationReport, ReportedSetting } from './evaluationReport.js';
import type { Html } from './html.js';
import { hundredths, interval } from './numbers.js';
import { card, paragraph, section } from './page.js';
import { table } from './table.js';

/** The first figure on whole notes and without the words, side by side. */
export function withoutWordsSections(report: EvaluationReport): Html[] {
  const { withoutWords, settings, figureNames } = report;
  const rows = settings
    .filter(({ texts, isMain }) => texts === 'whole' && isMain)
    .flatMap((whole) => {
      const without = settings.find(
        (each) => each.texts === 'without-words' && each.isMain && isSame(each, whole),
      );
      return without === undefined ? [] : [{ whole, without }];
    });
  if (withoutWords.length === 0 || rows.length === 0) return [];
  return [
    section(
      'Without the words that name the classes',
      paragraph(
        'What a note is about is often written in it, in its first line for one. Everything was measured again without these words: what a model loses, it had read from them.',
      ),
      paragraph(`Removed: ${withoutWords.join(', ')}.`),
      card(
        null,
        table({
          caption: `${figureNames[0] ?? ''} in per cent, with 95 % intervals`,
          columns: [
            { title: 'Model', kind: 'heading' },
            { title: 'Labels', kind: 'text' },
            { title: 'Whole notes', kind: 'number' },
            { title: 'Without the words', kind: 'number' },
            { title: 'Change in points', kind: 'number' },
          ],
          rows: rows.map(({ whole, without }) => [
            `${whole.model}, ${whole.when}`,
            String(whole.shots),
            interval(whole.figures[0]),
            interval(without.figures[0]),
            change(whole, without),
          ]),
        }),
      ),
    ),
  ];
}

function change({ figures: [before] }: ReportedSetting, { figures: [after] }: ReportedSetting) {
  const isMeasured =
    before !== null && before !== undefined && after !== null && after !== undefined;
  return isMeasured ? hundredths(after.mean - before.mean) : '–';
}

function isSame(a: ReportedSetting, b: ReportedSetting): boolean {
  return (
    a.model === b.model && a.when === b.when && a.classifier === b.classifier && a.shots === b.shots
  );
}
