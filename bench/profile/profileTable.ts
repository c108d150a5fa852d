/** A profile as two tables: by kind of op, and the slowest groups of nodes alike. */
import type { ProfiledNode } from './nodes.js';
import type { PreparedStep } from './preparedStep.js';

const products = new Set(['Gemm', 'MatMul', 'FusedMatMul', 'FusedGemm']);
const slowestGroups = 24;

export function profileTable(
  nodes: readonly ProfiledNode[],
  { graph, kernels }: Pick<PreparedStep, 'graph' | 'kernels'>,
  gigaflops: number,
): string {
  const inGraph = sum(nodes);
  const beside = [...kernels.values()].reduce((a, b) => a + b, 0);
  const total = inGraph + beside;
  const bound = graph.flops / (gigaflops * 1e6);
  const share = (milliseconds: number): string => `${((100 * milliseconds) / total).toFixed(1)} %`;
  const line = (name: string, count: number | string, milliseconds: number): string =>
    `| ${name} | ${count} | ${milliseconds.toFixed(1)} | ${share(milliseconds)} |`;
  const byOp = grouped(nodes, ({ op }) => op);
  const alike = grouped(nodes, ({ op, shapes }) => `${op} ${shapes}`);
  const rows = (groups: ReadonlyMap<string, ProfiledNode[]>): string[] =>
    [...groups]
      .sort(([, a], [, b]) => sum(b) - sum(a))
      .slice(0, slowestGroups)
      .map(([name, members]) => line(name, members.length, sum(members)));
  const multiplied = sum(nodes.filter(({ op }) => products.has(op)));
  return [
    `GEMM peak ${gigaflops.toFixed(0)} GFLOP/s: the products of a micro-batch take at least ${bound.toFixed(1)} ms, ${share(bound)} of ${total.toFixed(1)} ms; they took ${multiplied.toFixed(1)} ms.`,
    '',
    '| op | nodes | ms | share |',
    '|---|---|---|---|',
    ...rows(byOp),
    ...[...kernels].map(([name, milliseconds]) => line(name, '', milliseconds)),
    '',
    '| op and inputs | nodes | ms | share |',
    '|---|---|---|---|',
    ...rows(alike),
  ].join('\n');
}

const sum = (nodes: readonly ProfiledNode[]): number =>
  nodes.reduce((total, { milliseconds }) => total + milliseconds, 0);

function grouped(
  nodes: readonly ProfiledNode[],
  keyOf: (node: ProfiledNode) => string,
): Map<string, ProfiledNode[]> {
  const groups = new Map<string, ProfiledNode[]>();
  for (const node of nodes) {
    const key = keyOf(node);
    groups.set(key, [...(groups.get(key) ?? []), node]);
  }
  return groups;
}
