import { expect, it } from 'vitest';
import { disposableList } from '../../src/extension/disposable.js';

it('disposes in reverse order, once, and late arrivals at once', () => {
  const order: string[] = [];
  const item = (name: string) => ({ dispose: () => order.push(name) });
  const list = disposableList();
  list.add(item('first'));
  list.add(item('second'));
  list.dispose();
  list.dispose();
  list.add(item('late'));
  expect(order).toEqual(['second', 'first', 'late']);
});
