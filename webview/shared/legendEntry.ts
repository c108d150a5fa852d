import { html, nothing, type TemplateResult } from 'lit';
import type { Series } from './chart.js';

/** A sample of the line, and its name. */
export function legendEntry(kind: Series['kind'], colour: string, name: string): TemplateResult {
  return html`<span class="entry">
    <svg width="22" height="10" aria-hidden="true">
      <line class="series ${kind}" x1="1" x2="21" y1="5" y2="5" stroke=${colour}></line>
      ${
        kind === 'dots' || kind === 'points'
          ? html`<svg x="7" y="1" width="8" height="8">
              <circle cx="4" cy="4" r="4" fill=${colour} />
            </svg>`
          : nothing
      }
    </svg>
    ${name}
  </span>`;
}
