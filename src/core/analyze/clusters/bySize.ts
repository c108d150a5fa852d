/** Numbers groups by size, largest first; of equal ones the one that comes first. */
export function bySize(labels: Int32Array): Int32Array {
  const sizes = new Map<number, number>();
  for (const label of labels) if (label >= 0) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  const order = [...sizes.keys()].sort((a, b) => sizes.get(b)! - sizes.get(a)!);
  const numbers = new Map(order.map((label, number) => [label, number]));
  return labels.map((label) => numbers.get(label) ?? -1);
}
