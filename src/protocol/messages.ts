/**
 * How a message is read where it arrives. There is a schema for each name, so the compiler misses none;
 * what has no schema, or does not match it, is reported and never silently dropped.
 */

export interface Named {
  readonly type: string;
}

/** A schema by the name of each message. */
export type MessageSchemas<Message extends Named> = {
  readonly [Name in Message['type']]: Schema<Extract<Message, { readonly type: Name }>>;
};

/** As much of a zod schema as is needed here. */
export interface Schema<Value> {
  safeParse(value: unknown): Parsed<Value>;
}

type Parsed<Value> =
  | { readonly success: true; readonly data: Value }
  | {
      readonly success: false;
      readonly error: { readonly issues: readonly { readonly path: readonly PropertyKey[] }[] };
    };

/** What was wrong with a message: names of fields, never their values, which may be text of a note. */
export interface Rejection {
  readonly name: string;
  /** Where it does not match its schema; empty where there is no message of this name. */
  readonly paths: readonly string[];
}

export type Read<Message> =
  | { readonly message: Message; readonly rejection: null }
  | { readonly message: null; readonly rejection: Rejection };

export function readMessage<Message extends Named>(
  schemas: MessageSchemas<Message>,
  value: unknown,
): Read<Message> {
  const name = (value as Partial<Named> | null | undefined)?.type;
  if (!isNameIn(schemas, name)) return rejected(wordOf(name), []);
  const parsed = (schemas[name] as Schema<Message>).safeParse(value);
  if (parsed.success) return { message: parsed.data, rejection: null };
  return rejected(
    name,
    parsed.error.issues.map(({ path }) => path.map(wordOf).join('.') || '(whole)'),
  );
}

function rejected(name: string, paths: readonly string[]): Read<never> {
  return { message: null, rejection: { name, paths } };
}

function isNameIn<Message extends Named>(
  schemas: MessageSchemas<Message>,
  name: unknown,
): name is Message['type'] {
  return typeof name === 'string' && Object.hasOwn(schemas, name);
}

/** A name as the code gives one; anything else could be text that was read. */
function wordOf(part: unknown): string {
  const text = typeof part === 'string' || typeof part === 'number' ? String(part) : '';
  return /^[\w-]{1,40}$/.test(text) ? text : '?';
}
