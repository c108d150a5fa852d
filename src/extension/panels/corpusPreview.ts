/** Shows how a corpus is read before it is added, and lets the user change every guess. */
import { basename } from 'node:path';
import * as z from 'zod/mini';
import { Cancelled } from '../../core/base/errors.js';
import { mappingSchema, readingSchema } from '../../engine/runSchemas.js';
import type { CorpusPreview } from '../../protocol/lookup.js';
import type { MessageSchemas } from '../../protocol/messages.js';
import type {
  CorpusPreviewHostMessage,
  CorpusPreviewPanelMessage,
  GivenReading,
} from '../../protocol/panels.js';
import type { Disposable } from '../disposable.js';
import { sentenceOf } from '../notices.js';
import type { Services } from '../services.js';
import { createPanel } from './panel.js';

export interface SettledCorpus extends GivenReading {
  readonly name: string;
}

export interface CorpusPreviewPanel extends Disposable {
  /**
   * Resolves when the user adds the corpus; throws Cancelled when the panel is closed, or is needed
   * for another corpus.
   *
   * @param given what is settled already, of a corpus that is changed
   */
  ask(source: string, name: string, given?: GivenReading): Promise<SettledCorpus>;
}

const given = z.object({ mapping: mappingSchema, reading: readingSchema });
const schemas: MessageSchemas<CorpusPreviewPanelMessage> = {
  change: z.object({ type: z.literal('change'), given }),
  add: z.object({ type: z.literal('add'), name: z.string() }),
  cancel: z.object({ type: z.literal('cancel') }),
};

interface Asked {
  readonly source: string;
  readonly name: string;
  given: GivenReading;
  /** Whether `given` can be read. */
  isReadable: boolean;
  readonly resolve: (settled: SettledCorpus) => void;
  readonly reject: (error: Error) => void;
}

export function createCorpusPreview(services: Services): CorpusPreviewPanel {
  const { lookup } = services;
  let asked: Asked | null = null;
  let message: CorpusPreviewHostMessage | null = null;
  /** Answers to earlier requests are out of date. */
  let request = 0;

  const panel = createPanel<CorpusPreviewHostMessage, CorpusPreviewPanelMessage>(services, {
    name: 'corpusPreview',
    title: 'Add Corpus',
    isInFront: true,
    schemas,
    current: () => (message === null ? [] : [message]),
    withoutText,
    receive,
    // Nothing is stored of a corpus that was not added.
    restore: () => post(nothingLeft),
    closed: () => settle((each) => each.reject(new Cancelled())),
  });

  function post(next: CorpusPreviewHostMessage): void {
    message = next;
    panel.post(next);
  }

  function settle(how: (each: Asked) => void): void {
    const each = asked;
    asked = null;
    request++;
    if (each !== null) how(each);
  }

  async function read(each: Asked): Promise<void> {
    const mine = ++request;
    each.isReadable = false;
    post({ type: 'reading', source: basename(each.source), given: each.given });
    const { mapping, reading } = each.given;
    try {
      const corpus = { source: each.source, mapping, reading };
      const preview = await lookup.request('corpus/preview', { corpus });
      if (mine !== request) return;
      if (reading.keep === undefined)
        each.given = { mapping, reading: withUsual(reading, preview) };
      each.isReadable = true;
      const { name } = each;
      const source = basename(each.source);
      post({ type: 'preview', source, name, given: each.given, preview, hideText: false });
    } catch (error) {
      if (mine !== request) return;
      post({ type: 'refused', given: each.given, reason: sentenceOf(error) });
    }
  }

  async function receive(received: CorpusPreviewPanelMessage): Promise<void> {
    if (asked === null) return;
    if (received.type === 'change') {
      asked.given = received.given;
      await read(asked);
    } else if (received.type === 'cancel') {
      settle((each) => each.reject(new Cancelled()));
      panel.close();
    } else if (asked.isReadable) {
      const name = received.name.trim();
      settle((each) => each.resolve({ ...each.given, name: name === '' ? each.name : name }));
      panel.close();
    }
  }

  return {
    ask(source, name, given = { mapping: {}, reading: {} }) {
      settle((each) => each.reject(new Cancelled()));
      return new Promise<SettledCorpus>((resolve, reject) => {
        const each = {
          ...{ source, name, resolve, reject, isReadable: false },
          given,
        };
        asked = each;
        panel.show();
        void read(each);
      });
    },
    dispose: () => panel.dispose(),
  };
}

/** Ticks the columns that have no role and do not look like identifiers. */
function withUsual(
  reading: GivenReading['reading'],
  { columns, mapping, moreText, lines }: CorpusPreview,
): GivenReading['reading'] {
  const used = new Set([...Object.values(mapping), ...moreText, lines?.number ?? null]);
  const keep = columns.filter(({ name, caution }) => caution === null && !used.has(name));
  return { ...reading, keep: keep.map(({ name }) => name) };
}

function withoutText(message: CorpusPreviewHostMessage): CorpusPreviewHostMessage {
  if (message.type !== 'preview') return message;
  const { preview } = message;
  return {
    ...message,
    hideText: true,
    preview: {
      ...preview,
      notes: preview.notes.map((note) => ({ ...note, text: '' })),
      columns: preview.columns.map((column) => ({ ...column, example: null })),
    },
  };
}

const nothingLeft: CorpusPreviewHostMessage = {
  type: 'empty',
  reason: 'The corpus was not added: run "Notespace: Add Corpus…" again.',
};
