import { html, nothing, type TemplateResult } from 'lit';

export function verdict(sentences: readonly string[]): TemplateResult | typeof nothing {
  if (sentences.length === 0) return nothing;
  return html`<section class="verdict" aria-label="Verdict">
    ${sentences.map((sentence) => html`<p>${sentence}</p>`)}
  </section>`;
}
