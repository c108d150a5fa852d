import { accumulate } from '../graph/accumulate.js';
import { addInput } from '../graph/graph.js';
import type { Graph, Value } from '../graph/graph.js';
import type { Contribution } from '../graph/gradients/rule.js';
import type { GraphOutput } from '../graph/lowering/lower.js';
import { staticDimension } from '../graph/shapes.js';

/**
 * Gradient of one parameter.
 * `dense`: `output` = `accumulator` + gradient, both of the parameter's shape; the same buffer may be
 *   given for both (accumulation in place).
 * `rows`: `output` [n, width] is added by the caller to the rows of the dense gradient that the int32
 *   input `rows` [n] names; rows repeat. A ScatterND here would lose updates on the CPU provider.
 *   A vector parameter [height] counts as [height, 1]. Several entries may name the same `output`:
 *   the tables of tokens, positions and types get one gradient, under different rows.
 */
export type GradientOutput =
  | {
      readonly kind: 'dense';
      readonly parameter: string;
      readonly output: string;
      readonly accumulator: string;
    }
  | {
      readonly kind: 'rows';
      readonly parameter: string;
      readonly output: string;
      readonly shape: readonly [number, number];
      readonly rows: string;
    };

/**
 * Turns the contributions to each gradient into outputs: dense parts are added to an accumulator
 * (fused with the product where there is one), and rows are left for the caller to add.
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
