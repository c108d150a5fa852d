/** What a study found, as a section of docs/study.md: no more than its report holds, and no place of this machine. */
import * as z from 'zod/mini';

const estimate = z.object({ mean: z.number(), low: z.number(), high: z.number() });
const shots = z.union([z.number(), z.literal('all')]);

const report = z.object({
  isComplete: z.boolean(),
  findings: z.array(
    z.object({ claim: z.string(), holds: z.nullable(z.boolean()), evidence: z.array(z.string()) }),
  ),
  models: z.array(z.object({ model: z.string(), name: z.string() })),
  data: z.object({ documents: z.number(), train: z.number(), heldOut: z.number() }),
  plan: z.object({ seconds: z.number(), cuts: z.array(z.string()) }),
  missing: z.array(z.string()),
  parts: z.array(z.object({ cost: z.nullable(z.object({ seconds: z.number() })) })),
  classified: z.array(
    z.object({
      group: z.string(),
      protocol: z.string(),
      result: z.object({
        summary: z.array(
          z.object({
            ...{ model: z.string(), protocol: z.string(), shots },
            texts: z.optional(z.string()),
            figures: z.object({ macroF1: z.optional(estimate) }),
          }),
        ),
      }),
    }),
  ),
});
type Report = z.infer<typeof report>;

const verdicts = { true: 'holds', false: 'does not hold', null: 'open' } as const;

/** @param read the study's report.json */
export function studyTables(
  subject: { readonly name: string; readonly predicted: string },
  read: unknown,
): string {
  const found = report.parse(read);
  const { data, parts, findings, plan, missing } = found;
  const hours = parts.reduce((sum, { cost }) => sum + (cost?.seconds ?? 0), 0) / 3600;
  return [
    `### ${subject.name}: ${subject.predicted}`,
    `${data.documents} notes, ${data.train} to train on and ${data.heldOut} held out; all parts took ${hours.toFixed(1)} hours.${found.isComplete ? '' : ' The study has not ended.'}`,
    table(
      ['finding', 'here'],
      findings.map(({ claim, holds }) => [claim, verdicts[`${holds}`]]),
    ),
    ...macroF1Tables(found),
    ...findings.map(({ claim, evidence }) =>
      [`*${claim}*`, ...evidence.map((each) => `- ${each}`)].join('\n'),
    ),
    ...(plan.cuts.length + missing.length === 0
      ? []
      : [['Left out:', ...[...plan.cuts, ...missing].map((each) => `- ${each}`)].join('\n')]),
  ].join('\n\n');
}

/** Rows by model; a column for each protocol and number of labels. */
function macroF1Tables({ classified, models }: Report): string[] {
  const groups = [...new Set(classified.map(({ group }) => group))];
  return groups.map((group) => {
    const rows = classified
      .filter((each) => each.group === group)
      .flatMap(({ protocol, result }) =>
        result.summary.filter(
          (each) => each.protocol === protocol && (each.texts ?? 'whole') === 'whole',
        ),
      );
    const columns = [...new Set(rows.map((row) => columnOf(row)))];
    const names = [...new Set(rows.map(({ model }) => model))];
    const nameOf = (model: string): string =>
      models.find((each) => each.model === model)?.name ?? model;
    return table(
      [`macro-F1, ${group}`, ...columns],
      names.map((model) => [
        nameOf(model),
        ...columns.map((column) => {
          const figure = rows.find((row) => row.model === model && columnOf(row) === column);
          return text(figure?.figures.macroF1);
        }),
      ]),
    );
  });
}

function columnOf(row: { readonly protocol: string; readonly shots: number | 'all' }): string {
  return `${row.protocol}, ${row.shots}`;
}

function text(figure: z.infer<typeof estimate> | undefined): string {
  if (figure === undefined) return '–';
  const hundredths = (value: number): string => (100 * value).toFixed(1);
  return `${hundredths(figure.mean)} (${hundredths(figure.low)} to ${hundredths(figure.high)})`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}
