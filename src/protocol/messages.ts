/**
 * Validates incoming messages. Every message name needs a schema, which the compiler checks. A
 * message without a schema, or that does not match it, is reported and never silently dropped.
 */

export interface Named {
  readonly type: string;
}

/** A schema for each message name. */
export type MessageSchemas<Message extends Named> = {
  readonly [Name in Message['type']]: Schema<Extract<Message, { readonly type: Name }>>;
};

/** The part of a zod schema that is used here. */
export interface Schema<Value> {
  safeParse(value: unknown): Parsed<Value>;
}

type Parsed<Value> =
  | { readonly success: true; readonly data: Value }
  | {
      readonly success: false;
      readonly error: { readonly issues: readonly { readonly path: readonly PropertyKey[] }[] };
    };

/** Describes a rejected message: names of fields, never their values, which may be note text. */
export interface Rejection {
  readonly name: string;
  /** Paths that do not match the schema; empty if no message has this name. */
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

/** Keeps what looks like a name in the code; replaces anything else, which could be note text. */
function wordOf(part: unknown): string {
  const text = typeof part === 'string' || typeof part === 'number' ? String(part) : '';
  return /^[\w-]{1,40}$/.test(text) ? text : '?';
}
