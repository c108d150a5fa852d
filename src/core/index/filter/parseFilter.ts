/**
 * Reads a filter as it is typed:
 *
 *     filter     = all { "or" all }
 *     all        = one { "and" one }
 *     one        = "not" one | "(" filter ")" | condition
 *     condition  = field ( "=" | "!=" | "<" | "<=" | ">" | ">=" | "contains" ) value
 *                | field "in" "(" value { "," value } ")"
 *                | field "is" [ "not" ] "missing"
 *     field, value = a word without spaces, brackets, commas and =, !, <, >; or any text in "…" or '…',
 *                    where \ makes the next character plain
 *
 * Words of the grammar may be written in capitals. Whether a field exists is for the caller to say.
 */
import { usageError } from '../../base/errors.js';
import { isDate, isNumber } from './filter.js';
import type { Comparison, Filter } from './filter.js';

interface Token {
  readonly text: string;
  /** A quoted text is never a word of the grammar. */
  readonly isQuoted: boolean;
}

const tokenPattern =
  /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(!=|<=|>=|[=<>(),])|([^\s()<>=!,"']+))/suy;
const comparisons: readonly Comparison[] = ['=', '!=', '<', '<=', '>', '>=', 'contains'];
const example = `such as: category = Nursing and date >= 2021-03`;

export function parseFilter(written: string): Filter {
  const tokens = tokensOf(written);
  let at = 0;

  const next = (): Token | undefined => tokens[at];
  const isNext = (word: string): boolean => {
    const token = next();
    return token?.isQuoted === false && token.text.toLowerCase() === word;
  };
  const take = (word: string): boolean => {
    if (!isNext(word)) return false;
    at++;
    return true;
  };
  const expect = (word: string, after: string): void => {
    if (!take(word)) throw wrong(`expected "${word}" ${after}`);
  };

  function any(): Filter {
    return listed('any', 'or', () => listed('all', 'and', one));
  }

  function listed(kind: 'all' | 'any', word: string, part: () => Filter): Filter {
    const first = part();
    const of = [first];
    while (take(word)) of.push(part());
    return of.length === 1 ? first : { kind, of };
  }

  function one(): Filter {
    if (take('not')) return { kind: 'not', of: one() };
    if (take('(')) {
      const inner = any();
      expect(')', 'at the end of what is in brackets');
      return inner;
    }
    return condition();
  }

  function condition(): Filter {
    const field = word('the name of a field');
    if (take('is')) {
      const negated = take('not');
      expect('missing', `after "is", for "${field}"`);
      const missing: Filter = { kind: 'missing', field };
      return negated ? { kind: 'not', of: missing } : missing;
    }
    if (take('in')) {
      expect('(', `after "in", for "${field}"`);
      const values = [word(`a value of "${field}"`)];
      while (take(',')) values.push(word(`a value of "${field}"`));
      expect(')', `at the end of the values of "${field}"`);
      return { kind: 'oneOf', field, values };
    }
    const by = comparisons.find(take);
    if (by === undefined) {
      throw wrong(`after "${field}" comes =, !=, <, <=, >, >=, contains, in (…) or is missing`);
    }
    const value = word(`a value of "${field}"`);
    if (/[<>]/.test(by) && !isNumber(value) && !isDate(value)) {
      throw wrong(`"${field} ${by}" needs a number or a date such as 2021-03-15`);
    }
    return { kind: 'compare', field, by, value };
  }

  function word(what: string): string {
    const token = next();
    if (token === undefined || (!token.isQuoted && /^[=<>!(),]/.test(token.text))) {
      throw wrong(`expected ${what}`);
    }
    at++;
    return token.text;
  }

  const filter = any();
  const rest = next();
  if (rest !== undefined) throw wrong(`"${rest.text}" follows a condition without "and" or "or"`);
  return filter;
}

function tokensOf(written: string): Token[] {
  const tokens: Token[] = [];
  tokenPattern.lastIndex = 0;
  let at = 0;
  while (written.slice(at).trim() !== '') {
    tokenPattern.lastIndex = at;
    const match = tokenPattern.exec(written);
    if (match === null)
      throw wrong('a quotation mark is never closed, or "!" is not followed by "="');
    at = tokenPattern.lastIndex;
    const quoted = match[1] ?? match[2];
    if (quoted === undefined) tokens.push({ text: match[3] ?? match[4] ?? '', isQuoted: false });
    else tokens.push({ text: quoted.replace(/\\(.)/gsu, '$1'), isQuoted: true });
  }
  return tokens;
}

function wrong(why: string): Error {
  return usageError(`The filter cannot be read: ${why}. Write it ${example}.`);
}
