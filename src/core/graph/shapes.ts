/** Output shapes of ops. A mismatch is a bug in the caller, reported with the op's name. */
import type { Dimension, Value } from './graph.js';

export type Shape = readonly Dimension[];

export function shapeText(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dimension, i) => dimension === b[i]);
}

/** The shape as numbers; throws if a size is only known at run time. */
export function staticShape(value: Value): number[] {
  return value.shape.map((dimension) => {
    if (typeof dimension === 'string') {
      throw new Error(`${value.name} ${shapeText(value.shape)} needs a fixed shape here`);
    }
    return dimension;
  });
}

export function elementCount(value: Value): number {
  return staticShape(value).reduce((product, dimension) => product * dimension, 1);
}

export function dimension(value: Value, axis: number): Dimension {
  const size = value.shape.at(axis);
  if (size === undefined) {
    throw new Error(`${value.name} ${shapeText(value.shape)} has no axis ${axis}`);
  }
  return size;
}

export function staticDimension(value: Value, axis: number): number {
  const size = dimension(value, axis);
  if (typeof size === 'string') {
    throw new Error(`axis ${axis} of ${value.name} ${shapeText(value.shape)} must be fixed`);
  }
  return size;
}

export function broadcastShape(op: string, a: Shape, b: Shape): Dimension[] {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const left = a[a.length - rank + i] ?? 1;
    const right = b[b.length - rank + i] ?? 1;
    if (left === right || right === 1) return left;
    if (left === 1) return right;
    throw new Error(`${op}: shapes ${shapeText(a)} and ${shapeText(b)} do not broadcast`);
  });
}

/** Axes along which an operand of shape `operand` is broadcast to `shape`. */
export function broadcastAxes(operand: Shape, shape: Shape): number[] {
  const offset = shape.length - operand.length;
  return shape.flatMap((size, axis) =>
    axis < offset || (operand[axis - offset] === 1 && size !== 1) ? [axis] : [],
  );
}

export function matMulShape(a: Shape, b: Shape, transA: boolean, transB: boolean): Dimension[] {
  const fail = (): never => {
    throw new Error(
      `matMul: shapes ${shapeText(a)}${transA ? "'" : ''} and ${shapeText(b)}${transB ? "'" : ''} do not fit`,
    );
  };
  const [rows, innerA] = transA ? [a.at(-1), a.at(-2)] : [a.at(-2), a.at(-1)];
  const [innerB, columns] = transB ? [b.at(-1), b.at(-2)] : [b.at(-2), b.at(-1)];
  const batch = a.slice(0, -2);
  if (rows === undefined || columns === undefined || innerA !== innerB) return fail();
  if (!sameShape(batch, b.slice(0, -2))) return fail();
  return [...batch, rows, columns];
}

export function reducedShape(
  shape: Shape,
  axes: readonly number[],
  keepDimensions: boolean,
): Dimension[] {
  return shape.flatMap((size, axis) =>
    axes.includes(axis) ? (keepDimensions ? [1] : []) : [size],
  );
}
