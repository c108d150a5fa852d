import { html, type TemplateResult } from 'lit';
import { codicon } from './notice.js';
import type { Sorting } from './sorting.js';

export interface SortHead {
  readonly column: string;
  readonly label: string;
  readonly isNumber: boolean;
  readonly sorting: Sorting | null;
  readonly press: () => void;
}

export function sortHead({ column, label, isNumber, sorting, press }: SortHead): TemplateResult {
  const isSorted = sorting?.column === column;
  const order = isSorted ? (sorting.descending ? 'descending' : 'ascending') : 'none';
  return html`<th scope="col" aria-sort=${order} class=${isNumber ? 'number' : ''}>
    <button class="sort" data-column=${column} @click=${press}>
      ${label}${
        isSorted ? codicon(sorting.descending ? 'arrow-down' : 'arrow-up') : codicon('blank')
      }
    </button>
  </th>`;
}
