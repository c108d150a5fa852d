/**
 * A small grammar for varied prose:
 *
 *     {a|b|c}   one of them, at any depth
 *     [a]       a, or nothing
 *     $name     a value of the context; `$Name` the same with a capital
 *
 * When the context has a `side`, alternatives that name the other one are not taken: a note must not
 * examine the left leg and scan the right.
 */
import type { Random } from '../../src/core/base/random.js';

export type Context = Readonly<Record<string, string>>;

export function write(template: string, context: Context, random: Random): string {
  let at = 0;

  function sequence(stops: string): string {
    let text = '';
    while (at < template.length && !stops.includes(template.charAt(at))) {
      const character = template.charAt(at);
      if (character === '{') {
        at++;
        text += choice();
      } else if (character === '[') {
        at++;
        const optional = sequence(']');
        at++;
        if (random.next() < 0.5) text += optional;
      } else if (character === '$') {
        text += variable();
      } else {
        text += character;
        at++;
      }
    }
    return text;
  }

  /** Every alternative is expanded, so that the draws do not depend on which one is taken. */
  function choice(): string {
    const alternatives = [sequence('|}')];
    while (template.charAt(at) === '|') {
      at++;
      alternatives.push(sequence('|}'));
    }
    at++;
    return random.pick(
      alternatives
        .filter((text) => !namesOtherSide(text, context))
        .concat(alternatives.every((text) => namesOtherSide(text, context)) ? alternatives : []),
    );
  }

  function variable(): string {
    const name = /^[A-Za-z]+/.exec(template.slice(at + 1))?.[0] ?? '';
    at += 1 + name.length;
    const value = context[name] ?? capital(context[name.charAt(0).toLowerCase() + name.slice(1)]);
    if (value === null) throw new Error(`The template names $${name}, which nothing provides.`);
    return value;
  }

  return sequence('')
    .replace(/[^\S\n]{2,}/g, ' ')
    .replace(/ ([.,;:])/g, '$1')
    .trim();
}

/** Whether a text is about the side that the context is not about. */
export function namesOtherSide(text: string, { side }: Context): boolean {
  if (side === undefined) return false;
  return side === 'left' ? /\bright\b/i.test(text) : /\bleft\b/i.test(text);
}

export function capital(text: string): string;
export function capital(text: string | undefined): string | null;
export function capital(text: string | undefined): string | null {
  return text === undefined ? null : text.charAt(0).toUpperCase() + text.slice(1);
}

/** `count` different items, in random order. */
export function sample<T>(items: readonly T[], count: number, random: Random): T[] {
  return random.shuffle([...items]).slice(0, Math.max(0, count));
}

export function chance(probability: number, random: Random): boolean {
  return random.next() < probability;
}

export function between(low: number, high: number, random: Random): number {
  return low + random.integer(high - low + 1);
}

/** A number around `mean`, within bounds, to `digits` decimals. */
export function around(
  mean: number,
  spread: number,
  [low, high]: readonly [number, number],
  random: Random,
  digits = 0,
): number {
  const value = Math.min(high, Math.max(low, mean + spread * random.normal()));
  return Number(value.toFixed(digits));
}

/** "a, b and c". */
export function listed(items: readonly string[], last = 'and'): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${last} ${items[items.length - 1] ?? ''}`;
}

/** Index drawn with the given weights. */
export function weighted(weights: readonly number[], random: Random): number {
  let rest = random.next() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [i, weight] of weights.entries()) {
    rest -= weight;
    if (rest < 0) return i;
  }
  return weights.length - 1;
}

/** Sentences, each with a capital and a full stop. */
export function sentences(parts: readonly string[]): string {
  return parts
    .filter((part) => part !== '')
    .map((part) => capital(/[.!?:]["”)]?$/.test(part) ? part : `${part}.`))
    .join(' ');
}
