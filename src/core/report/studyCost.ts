/** What a study took, and everything that is needed to do it again. */
import { duration } from '../study/plan.js';
import { html } from './html.js';
import type { Html } from './html.js';
import { bytes } from './numbers.js';
import { card, section } from './page.js';
import type { StudyReport } from './studyReport.js';
import { table } from './table.js';

export function costSection({ parts }: StudyReport): Html {
  return section(
    'Cost',
    card(
      null,
      table({
        caption: 'Time, processor time of all threads, and the most memory that a process held',
        columns: [
          { title: 'Part', kind: 'heading' },
          { title: 'Status', kind: 'text' },
          { title: 'Planned', kind: 'number' },
          { title: 'Time', kind: 'number' },
          { title: 'Processor time', kind: 'number' },
          { title: 'Memory', kind: 'number' },
        ],
        rows: parts.map(({ label, status, plannedSeconds, cost }) => [
          label,
          status,
          duration(plannedSeconds),
          cost === null ? '–' : duration(cost.seconds),
          cost === null ? '–' : duration(cost.cpuSeconds),
          cost === null ? '–' : bytes(cost.peakMemoryBytes),
        ]),
      }),
    ),
  );
}

export function settingsSection({ plan, parts, environment }: StudyReport): Html {
  const { job, data } = plan;
  const facts: readonly (readonly [string, string])[] = [
    ['Corpus', job.corpus.source],
    ['Second corpus', job.forgettingCorpus?.source ?? 'none'],
    ['Fingerprint of the notes', data.fingerprint],
    ['Split', data.hasOwnSplit ? 'as the corpus says' : 'cut here, by the seed'],
    ['Seed', String(job.seed)],
    ['Preset', job.preset],
    ...Object.entries(environment).map(([name, value]) => [name, String(value)] as const),
  ];
  return section(
    'How to do it again',
    card(
      null,
      table({
        caption: 'Notes, seed, versions and machine',
        columns: [
          { title: 'What', kind: 'heading' },
          { title: 'Value', kind: 'text' },
        ],
        rows: facts,
      }),
    ),
    ...parts.flatMap(({ label, settings }) =>
      settings === null
        ? []
        : [
            html`<details>
              <summary>${label}</summary>
              <pre class="scroll">${settings}</pre>
            </details>`,
          ],
    ),
  );
}
