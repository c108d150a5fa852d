/** Hovering over a paragraph of a note, or a row of a table, shows the most similar records. */
import * as vscode from 'vscode';
import { assertionLabels, nearnessText } from '../../protocol/catalogue/lookup.js';
import type { SimilarResult } from '../../protocol/lookup.js';
import { commandIds, noteScheme } from '../contributions.js';
import { shorten, plainText } from './markdownText.js';
import { isSameNote, noteOf, recordName } from '../notes/notes.js';
import { count } from '../../core/base/wording.js';
import type { OpenNote } from '../notes/notes.js';
import { sentenceOf } from '../notices.js';
import { paragraphLines } from './paragraph.js';
import type { Services } from '../services.js';
import { readSettings } from '../settings.js';

const shownRecords = 3;
/** Limits what is sent to the engine for a very long paragraph. */
const mostQueryCharacters = 8000;

interface Passage {
  readonly note: OpenNote;
  readonly text: string;
  /** Its position in the document. */
  readonly range: vscode.Range;
}

export function createHoverProvider({
  lookup,
  corpora,
  notices,
  rows,
}: Services): vscode.HoverProvider {
  return {
    async provideHover(document, position, token) {
      const settings = readSettings(document.uri);
      if (!settings.isHoverEnabled || !vscode.workspace.isTrusted) return null;
      // While text is hidden, the document holds a placeholder, not a note.
      if (settings.hideNoteText && document.uri.scheme === noteScheme) return null;
      try {
        const passage =
          paragraphAt(document, position.line) ?? (await rowAt(document, position.line, token));
        if (passage === null) return null;
        const { note, range } = passage;
        const records = await nearestRecords(passage, token);
        if (records.length === 0) return null;
        return new vscode.Hover(hoverText(note, records, settings.hideNoteText), range);
      } catch (error) {
        // A hover must not raise a notification; without an index there is nothing to show.
        if (!token.isCancellationRequested) notices.log(`No similar records: ${sentenceOf(error)}`);
        return null;
      }
    },
  };

  function paragraphAt(document: vscode.TextDocument, at: number): Passage | null {
    const note = noteOf(document.uri, corpora);
    const textOf = (line: number): string => document.lineAt(line).text;
    const lines = note === null ? null : paragraphLines(at, document.lineCount, textOf);
    if (note === null || lines === null) return null;
    const range = wholeLines(document, lines);
    return { note, text: document.getText(range), range };
  }

  async function rowAt(
    document: vscode.TextDocument,
    line: number,
    token: vscode.CancellationToken,
  ): Promise<Passage | null> {
    const row = rows.at(document, line);
    const found = row === null ? null : await rows.find(row, token);
    if (row === null || found === null) return null;
    const range = wholeLines(document, row.lines);
    return { note: found.note, text: found.found.text, range };
  }

  async function nearestRecords(
    { note, text }: Passage,
    token: vscode.CancellationToken,
  ): Promise<readonly SimilarResult[]> {
    const { corpus } = note;
    const { results } = await lookup.request(
      'similar',
      {
        store: corpus.store,
        query: {
          text: text.slice(0, mostQueryCharacters),
          as: 'query',
          ...(note.id === null ? {} : { excludeId: note.id }),
          ...(note.key === null ? {} : { excludeKey: note.key }),
        },
        // One extra, since a large index leaves out only what is named by its id.
        k: shownRecords + 1,
        device: readSettings(corpus.workspaceFolder.uri).device,
      },
      token,
    );
    return results.filter((result) => !isSameNote(result, note)).slice(0, shownRecords);
  }
}

function wholeLines(
  document: vscode.TextDocument,
  { first, last }: { readonly first: number; readonly last: number },
): vscode.Range {
  return document.validateRange(new vscode.Range(first, 0, last, Number.MAX_SAFE_INTEGER));
}

/** Note text is appended as plain text; all markup is ours, and only openNote may be run. */
function hoverText(
  note: OpenNote,
  records: readonly SimilarResult[],
  hideNoteText: boolean,
): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString();
  markdown.supportHtml = false;
  markdown.isTrusted = { enabledCommands: [commandIds.openNote] };
  markdown.appendMarkdown('**Similar records**\n\n');
  for (const record of records) {
    const target = { corpus: note.corpus.token, key: record.key };
    const query = encodeURIComponent(JSON.stringify([target])).replace(/[()]/g, escapeParenthesis);
    markdown.appendMarkdown(`[Open](command:${commandIds.openNote}?${query}) · `);
    if (!hideNoteText) {
      appendPlain(markdown, shorten(recordName(record), 60));
      markdown.appendMarkdown(' · ');
    }
    markdown.appendText([nearnessText(record), ...labelsOf(record)].join(' · '));
    if (record.category !== null) {
      markdown.appendMarkdown(' · ');
      appendPlain(markdown, shorten(record.category, 60));
    }
    markdown.appendMarkdown('\n\n');
    if (!hideNoteText) {
      appendPlain(markdown, shorten(record.snippet, 240));
      markdown.appendMarkdown('\n\n');
    }
  }
  return markdown;
}

function labelsOf({ assertion, copies }: SimilarResult): string[] {
  return [
    ...(assertion === null ? [] : [assertionLabels[assertion]]),
    ...(copies.count === 0 ? [] : [`${count(copies.count)} almost identical`]),
  ];
}

/** Word by word, since `appendText` turns spaces into non-breaking ones and lines could not wrap. */
function appendPlain(markdown: vscode.MarkdownString, line: string): void {
  for (const word of plainText(line).split(' ')) {
    markdown.appendText(word);
    markdown.appendMarkdown(' ');
  }
}

/** A closing parenthesis would end the Markdown link, and encodeURIComponent leaves it as it is. */
function escapeParenthesis(character: string): string {
  return character === '(' ? '%28' : '%29';
}
