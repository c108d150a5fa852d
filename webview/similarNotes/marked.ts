/** Text with some of its words marked. */
import { html, type TemplateResult } from 'lit';

/** @param terms in lower case */
export function marked(
  text: string,
  terms: readonly string[],
): readonly (TemplateResult | string)[] {
  const wanted = new Set(terms);
  const parts: (TemplateResult | string)[] = [];
  let from = 0;
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}_]{2,}/gu)) {
    if (!wanted.has(word.toLowerCase())) continue;
    parts.push(text.slice(from, index), html`<mark>${word}</mark>`);
    from = index + word.length;
  }
  return [...parts, text.slice(from)];
}
