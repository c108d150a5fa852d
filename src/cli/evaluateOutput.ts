/** What an evaluation prints: one JSON document, or tables and sentences. */
import { modelName } from '../engine/bundledModel.js';
import { figureEntries, figureText, protocolEntries } from '../protocol/catalogue/evaluation.js';
import { figureNames } from '../protocol/catalogue/protocols.js';
import type { ProtocolName } from '../protocol/catalogue/protocols.js';
import type { EvaluateResult, EvaluateRow } from '../protocol/evaluation.js';
import type { CommandContext } from './command.js';
import { printTable } from './output.js';

/** The JSON document: every row has every figure, `null` where a protocol does not give it. */
export function evaluationDocument(result: EvaluateResult, seed: number): Record<string, unknown> {
  const { results, summary = [], comparisons = [], verdict, leakage, documents } = result;
  return {
    results: results.map((row) => ({
      model: row.model,
      protocol: row.protocol,
      shots: row.shots ?? null,
      seed: row.seed ?? seed,
      texts: row.texts ?? 'whole',
      ...Object.fromEntries(figureNames.map((name) => [name, row[name] ?? null])),
    })),
    summary: summary.map(({ figures, ...setting }) => ({ ...setting, ...figures })),
    comparisons,
    verdict,
    leakage: leakage ?? null,
    documents,
    maskedTokens: result.maskedTokens,
  };
}

export function printEvaluation(
  { results, summary, verdict }: EvaluateResult,
  protocol: ProtocolName,
  { terminal }: CommandContext,
): void {
  if (summary === undefined) {
    const columns = columnsOf(results, protocolEntries[protocol].figures);
    printTable(
      terminal,
      columns.map(({ heading }) => heading),
      results.map((row) => columns.map(({ cell }) => cell(row))),
    );
  } else {
    const { figures } = protocolEntries[protocol];
    const hasBoth = summary.some(({ texts = 'whole' }) => texts !== 'whole');
    const headings = figures.map((name) => figureEntries[name].label.toLowerCase());
    printTable(
      terminal,
      ['labels', 'protocol', ...(hasBoth ? ['notes'] : []), ...headings, 'model'],
      summary.map(({ model, shots, protocol: measured, texts = 'whole', figures: estimates }) => [
        String(shots),
        measured,
        ...(hasBoth ? [texts] : []),
        ...figures.map((name) => {
          const estimate = estimates[name];
          if (estimate === undefined) return '–';
          const { mean, low, high } = estimate;
          return `${(100 * mean).toFixed(1)} (${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)})`;
        }),
        modelName(model),
      ]),
    );
  }
  for (const sentence of verdict) terminal.out(sentence);
}

interface Column {
  readonly heading: string;
  readonly cell: (row: EvaluateRow) => string;
}

/** The protocol's figures, shots and seed if any row has them, and the model. */
function columnsOf(
  rows: readonly EvaluateRow[],
  figures: readonly (typeof figureNames)[number][],
): Column[] {
  const drawn: Column[] = [
    { heading: 'shots', cell: ({ shots }) => String(shots ?? '') },
    { heading: 'seed', cell: ({ seed }) => String(seed ?? '') },
  ];
  return [
    ...figures.map((name) => ({
      heading: figureEntries[name].label.toLowerCase(),
      cell: (row: EvaluateRow) => figureText(name, row[name]),
    })),
    ...drawn.filter(({ cell }) => rows.some((row) => cell(row) !== '')),
    { heading: 'model', cell: ({ model }) => modelName(model) },
  ];
}
