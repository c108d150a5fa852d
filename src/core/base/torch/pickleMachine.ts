/** The stack, marks and memo of a pickle that is being read. It holds data and calls nothing. */
import type { UserError } from '../errors.js';
import { isKind } from './pickleValues.js';
import type { PickleValue } from './pickleValues.js';

export interface PickleMachine {
  readonly push: (value: PickleValue) => void;
  readonly pop: () => PickleValue;
  readonly top: () => PickleValue;
  readonly mark: () => void;
  /** Everything above the last mark, which goes too. */
  readonly popToMark: () => PickleValue[];
  /** Keeps the top under `index`, or under the next free one. */
  readonly remember: (index?: number) => void;
  readonly recall: (index: number) => PickleValue;
  /** Appends to the list at the top. */
  readonly append: (items: readonly PickleValue[]) => void;
  /** Sets items of the dictionary at the top: keys and values in turn. */
  readonly set: (pairs: readonly PickleValue[]) => void;
}

export function createMachine(broken: (what: string) => UserError): PickleMachine {
  const stack: PickleValue[] = [];
  const marks: number[] = [];
  const memo = new Map<number, PickleValue>();
  /** What lies below the last mark is out of reach. */
  const top = (): PickleValue => {
    const value = stack.length > (marks.at(-1) ?? 0) ? stack.at(-1) : undefined;
    if (value === undefined) throw broken('its pickle takes more than there is');
    return value;
  };
  return {
    top,
    push: (value) => void stack.push(value),
    pop() {
      const value = top();
      stack.pop();
      return value;
    },
    mark: () => void marks.push(stack.length),
    popToMark() {
      const mark = marks.pop();
      if (mark === undefined) throw broken('its pickle lacks a mark');
      return stack.splice(mark);
    },
    remember: (index = memo.size) => void memo.set(index, top()),
    recall(index) {
      const value = memo.get(index);
      if (value === undefined) throw broken('its pickle refers to what it never made');
      return value;
    },
    append(items) {
      const list = top();
      if (!isKind(list, 'list')) throw broken('its pickle appends to what is no list');
      for (const item of items) list.items.push(item);
    },
    set(pairs) {
      const dict = top();
      if (!isKind(dict, 'dict')) throw broken('its pickle sets an item of what is no dictionary');
      if (pairs.length % 2 !== 0) throw broken('its pickle has a key without a value');
      for (const item of pairs) dict.pairs.push(item);
    },
  };
}
