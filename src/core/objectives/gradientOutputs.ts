import { accumulate } from '../graph/accumulate.js';
import { addInput } from '../graph/graph.js';
import type { Graph, Value } from '../graph/graph.js';
import type { Contribution } from '../graph/gradients/rule.js';
import type { GraphOutput } from '../graph/lowering/lower.js';
import { staticDimension } from '../graph/shapes.js';
import type { GradientOutput } from './objective.js';

/**
 * Turns what adds up to each gradient into outputs: dense parts on top of an accumulator, which a
 * matrix product takes for free, and rows for the caller to add.
 */
export function gradientOutputs(
  graph: Graph,
  contributions: ReadonlyMap<Value, readonly Contribution[]>,
): { gradients: GradientOutput[]; outputs: GraphOutput[] } {
  const gradients: GradientOutput[] = [];
  const rowOutputs = new Map<Value, string>();
  const outputs: GraphOutput[] = [];
  for (const [parameter, parts] of contributions) {
    const dense = parts.filter((part) => part.kind === 'dense');
    if (dense.length > 0) {
      const accumulator = `${parameter.name}.accumulator`;
      const output = `${parameter.name}.gradient`;
      const start = addInput(graph, accumulator, 'float32', parameter.shape);
      const value = dense.reduce((sum, part) => accumulate(graph, sum, part.value), start);
      gradients.push({ kind: 'dense', parameter: parameter.name, output, accumulator });
      outputs.push({ name: output, value });
    }
    for (const part of parts) {
      if (part.kind !== 'rows') continue;
      const { updates, rows } = part;
      const output = rowOutputs.get(updates) ?? `rows.${rowOutputs.size}`;
      if (!rowOutputs.has(updates)) outputs.push({ name: output, value: updates });
      rowOutputs.set(updates, output);
      const shape = [staticDimension(updates, 0), staticDimension(updates, 1)] as const;
      gradients.push({
        kind: 'rows',
        parameter: parameter.name,
        output,
        shape,
        rows: rows.name,
      });
    }
  }
  return { gradients, outputs };
}
