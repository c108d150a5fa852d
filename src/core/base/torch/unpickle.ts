/**
 * An interpreter for the few opcodes of Python's pickles that weights need. It builds data and calls
 * nothing: a name is only ever a string, and what is built from one is the `language`'s choice among
 * functions of ours. https://docs.python.org/3/library/pickletools.html
 *
 * Memory is bounded by the number of opcodes: none copies what another one made.
 */
import type { UserError } from '../errors.js';
import { createCursor } from './pickleCursor.js';
import type { PickleCursor } from './pickleCursor.js';
import { createMachine } from './pickleMachine.js';
import type { PickleMachine } from './pickleMachine.js';
import { isKind } from './pickleValues.js';
import type { PickleValue } from './pickleValues.js';

export interface PickleLanguage {
  /** For a name that is not known, the error that says so. */
  readonly refuse: (name: string) => UserError | null;
  /** What stands for a call of `name`. */
  readonly build: (name: string, args: readonly PickleValue[]) => PickleValue;
  /** What stands for an object that is stored outside the pickle. */
  readonly load: (id: PickleValue) => PickleValue;
  readonly broken: (what: string) => UserError;
}

/** A state dict takes about forty for each tensor. */
const mostOpcodes = 500_000;
const stop = 0x2e;

/** Reads the pickle that begins at `start`; `end` is the position after it. */
export function unpickle(
  bytes: Uint8Array,
  start: number,
  language: PickleLanguage,
): { readonly value: PickleValue; readonly end: number } {
  const { broken } = language;
  const cursor = createCursor(bytes, start, broken);
  const machine = createMachine(broken);
  for (let done = 0; done < mostOpcodes; done++) {
    const opcode = cursor.byte();
    if (opcode === stop) return { value: machine.pop(), end: cursor.position() };
    const step = steps.get(opcode);
    if (step === undefined) {
      throw broken(`its pickle uses the opcode 0x${opcode.toString(16)}, which no weights need`);
    }
    step(machine, cursor, language);
  }
  throw broken('its pickle is longer than any weights need');
}

type Step = (machine: PickleMachine, cursor: PickleCursor, language: PickleLanguage) => void;

const tuple = (items: readonly PickleValue[]): PickleValue => ({ kind: 'tuple', items });

/** By opcode, each with its name in pickletools. */
const steps: ReadonlyMap<number, Step> = new Map<number, Step>([
  [0x28, ({ mark }) => mark()], // MARK
  [0x29, ({ push }) => push(tuple([]))], // EMPTY_TUPLE
  [0x42, ({ push }, { bytes, uint32 }) => push(bytes(uint32()))], // BINBYTES
  [0x43, ({ push }, { bytes, byte }) => push(bytes(byte()))], // SHORT_BINBYTES
  [0x47, ({ push }, { float64 }) => push(float64())], // BINFLOAT
  [0x4a, ({ push }, { int32 }) => push(int32())], // BININT
  [0x4b, ({ push }, { byte }) => push(byte())], // BININT1
  [0x4d, ({ push }, { uint16 }) => push(uint16())], // BININT2
  [0x4e, ({ push }) => push(null)], // NONE
  [0x51, ({ push, pop }, _cursor, { load }) => push(load(pop()))], // BINPERSID
  [0x52, call], // REDUCE
  [0x54, ({ push }, { text, uint32 }) => push(text(uint32()))], // BINSTRING, of Python 2
  [0x55, ({ push }, { text, byte }) => push(text(byte()))], // SHORT_BINSTRING, of Python 2
  [0x58, ({ push }, { text, uint32 }) => push(text(uint32()))], // BINUNICODE
  [0x5d, ({ push }) => push({ kind: 'list', items: [] })], // EMPTY_LIST
  [0x61, ({ append, pop }) => append([pop()])], // APPEND
  [0x62, setState], // BUILD
  [0x63, (machine, { line }, language) => pushName(machine, [line(), line()], language)], // GLOBAL
  [0x65, ({ append, popToMark }) => append(popToMark())], // APPENDS
  [0x68, ({ push, recall }, { byte }) => push(recall(byte()))], // BINGET
  [0x6a, ({ push, recall }, { uint32 }) => push(recall(uint32()))], // LONG_BINGET
  [0x71, ({ remember }, { byte }) => remember(byte())], // BINPUT
  [0x72, ({ remember }, { uint32 }) => remember(uint32())], // LONG_BINPUT
  [0x73, ({ set, pop }) => set([pop(), pop()].reverse())], // SETITEM
  [0x74, ({ push, popToMark }) => push(tuple(popToMark()))], // TUPLE
  [0x75, ({ set, popToMark }) => set(popToMark())], // SETITEMS
  [0x7d, ({ push }) => push({ kind: 'dict', pairs: [] })], // EMPTY_DICT
  [0x80, (_machine, { skip }) => skip(1)], // PROTO
  [0x85, ({ push, pop }) => push(tuple([pop()]))], // TUPLE1
  [0x86, ({ push, pop }) => push(tuple([pop(), pop()].reverse()))], // TUPLE2
  [0x87, ({ push, pop }) => push(tuple([pop(), pop(), pop()].reverse()))], // TUPLE3
  [0x88, ({ push }) => push(true)], // NEWTRUE
  [0x89, ({ push }) => push(false)], // NEWFALSE
  [0x8a, ({ push }, { long, byte }) => push(long(byte()))], // LONG1
  [0x8c, ({ push }, { text, byte }) => push(text(byte()))], // SHORT_BINUNICODE
  [0x93, stackName], // STACK_GLOBAL
  [0x94, ({ remember }) => remember()], // MEMOIZE
  [0x95, (_machine, { skip }) => skip(8)], // FRAME
]);

function call({ push, pop }: PickleMachine, _cursor: PickleCursor, language: PickleLanguage): void {
  const args = pop();
  const called = pop();
  if (!isKind(args, 'tuple') || !isKind(called, 'name')) {
    throw language.broken('its pickle calls what is no name');
  }
  push(language.build(called.name, args.items));
}

/** The state of a dictionary is its attributes, such as versions of modules: no weights. */
function setState(
  { top, pop }: PickleMachine,
  _cursor: PickleCursor,
  language: PickleLanguage,
): void {
  pop();
  if (!isKind(top(), 'dict')) {
    throw language.broken('its pickle sets the state of something other than a dictionary');
  }
}

function stackName(machine: PickleMachine, _cursor: PickleCursor, language: PickleLanguage): void {
  const name = machine.pop();
  const module = machine.pop();
  if (typeof name !== 'string' || typeof module !== 'string') {
    throw language.broken('its pickle has a name that is no text');
  }
  pushName(machine, [module, name], language);
}

function pushName(
  { push }: PickleMachine,
  parts: readonly [string, string],
  { refuse }: PickleLanguage,
): void {
  const name = parts.join('.');
  const error = refuse(name);
  if (error !== null) throw error;
  push({ kind: 'name', name });
}
