/**
 * The base of every report: one self-contained page of sections. Runs no script, loads nothing, and
 * escapes everything put into a template.
 */
import { Html, html } from './html.js';
import { reportStyle } from './style.js';

export interface Page {
  readonly title: string;
  /** When it was made, as displayed: "23 November 2026, 16:02". */
  readonly madeAt: string;
  readonly sections: readonly Html[];
  /** Whether the page contains note text or names of notes; its last line says so. */
  readonly hasNoteText: boolean;
}

export function page({ title, madeAt, sections, hasNoteText }: Page): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'"
        />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <style>
          ${new Html(reportStyle)}
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          <p class="quiet">${madeAt}</p>
          ${sections}
        </main>
        <footer>
          Made by Notespace on this machine; nothing was sent anywhere.
          ${hasNoteText ? 'This page holds text of notes: treat it as you treat the notes.' : 'This page holds no text of notes.'}
        </footer>
      </body>
    </html> `.text;
}

export function section(title: string, ...content: readonly Html[]): Html {
  return html`<section>
    <h2>${title}</h2>
    ${content}
  </section>`;
}

export function paragraph(text: string): Html {
  return html`<p class="quiet">${text}</p>`;
}

/** A warning or remark, visually set apart. */
export function remark(text: string): Html {
  return html`<p class="remark">${text}</p>`;
}

export function quotation(text: string): Html {
  return html`<blockquote>${text}</blockquote>`;
}

export function card(title: Html | string | null, ...content: readonly Html[]): Html {
  return html`<div class="card">${title === null ? [] : [html`<h3>${title}</h3>`]}${content}</div>`;
}

/** Side by side if there is room. */
export function columns(...content: readonly Html[]): Html {
  return html`<div class="columns">${content}</div>`;
}

export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly remark: Html | string;
}

/** The most important figures, in large type. */
export function facts(list: readonly Fact[]): Html {
  return html`<dl class="facts">
    ${list.map(
      (fact) =>
        html`<div class="card">
          <dt>${fact.name}</dt>
          <dd>${fact.value}<small>${fact.remark}</small></dd>
        </div>`,
    )}
  </dl>`;
}

/** A word in a box, such as a category; `isMatch` highlights the one searched for. */
export function tag(text: string, isMatch = false): Html {
  return html`<span class="${isMatch ? 'tag match' : 'tag'}">${text}</span>`;
}
