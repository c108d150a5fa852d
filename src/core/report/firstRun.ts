/**
 * One self-contained HTML page about a run: no script, nothing loaded from anywhere. Note text and
 * note names stand in it only when asked for.
 */
import { Html, html } from './html.js';
import { categoryLegend, clusterChart, lossChart } from './charts.js';
import type { ClusterPoints, LossPoint } from './charts.js';
import { reportStyle } from './style.js';

export interface BeforeAfter {
  readonly before: number;
  readonly after: number;
}

export interface ReportCorpus {
  readonly name: string;
  readonly documents: number;
  readonly categories: Readonly<Record<string, number>>;
  readonly words: { readonly median: number; readonly p95: number };
  readonly problems: number;
}

export interface ReportTraining {
  readonly objective: string;
  readonly base: string;
  readonly steps: number;
  readonly tokens: number;
  readonly tokensPerSecond: number;
  readonly documentsTrain: number;
  readonly documentsHeldOut: number;
  readonly heldOutLoss: BeforeAfter;
  readonly curve: readonly LossPoint[];
}

export interface ReportExample {
  readonly title: string;
  readonly category: string | null;
  readonly text: string;
  readonly results: readonly {
    readonly title: string;
    readonly category: string | null;
    readonly similarity: number;
    readonly snippet: string;
  }[];
}

export interface ReportData {
  readonly title: string;
  /** As it shall be read: "23 November 2026, 16:02". */
  readonly madeAt: string;
  readonly corpus: ReportCorpus;
  readonly training: ReportTraining | null;
  /** Share of documents whose nearest neighbour has their category. */
  readonly neighbourAccuracy: BeforeAfter | null;
  /** Of the same, if neighbours were drawn at random. */
  readonly chanceAccuracy: number | null;
  readonly maps: readonly { readonly title: string; readonly points: ClusterPoints }[];
  readonly examples: readonly ReportExample[];
  /** Remarks and warnings, one sentence each. */
  readonly notes: readonly string[];
  /** Whether note text, and names of notes, may stand in the page. */
  readonly showNoteText: boolean;
}

export function renderReport(data: ReportData): string {
  const maps = data.showNoteText ? data.maps : data.maps.map(withoutTitles);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'"
        />
        <meta name="color-scheme" content="light dark" />
        <title>${data.title}</title>
        <style>
          ${new Html(reportStyle)}
        </style>
      </head>
      <body>
        <main>
          <h1>${data.title}</h1>
          <p class="quiet">${data.madeAt}</p>
          ${figures(data)}
          ${data.notes.length === 0 ? [] : [html`<h2>Remarks</h2>`, ...data.notes.map((note) => html`<p class="note">${note}</p>`)]}
          ${data.training === null ? [] : [trainingSection(data.training)]}
          ${maps.length === 0 ? [] : [mapSection(maps)]}
          ${data.examples.length === 0 ? [] : [exampleSection(data)]} ${corpusSection(data.corpus)}
          <footer>
            Made by Notespace on this machine; nothing was sent anywhere.
            ${data.showNoteText ? 'This page holds text of notes: treat it as you treat the notes.' : 'This page holds no text of notes.'}
          </footer>
        </main>
      </body>
    </html> `;
  return page.text;
}

function figures(data: ReportData): Html {
  const cards: Html[] = [figure('Notes', number(data.corpus.documents), plural(data.corpus))];
  const { training, neighbourAccuracy, chanceAccuracy } = data;
  if (training !== null) {
    const { before, after } = training.heldOutLoss;
    cards.push(
      figure(
        'Held-out loss',
        `${before.toFixed(3)} → ${after.toFixed(3)}`,
        verdict(before - after, 'lower is better'),
      ),
    );
    cards.push(
      figure(
        'Perplexity',
        `${perplexity(before)} → ${perplexity(after)}`,
        html`of the held-out notes' masked tokens`,
      ),
    );
  }
  if (neighbourAccuracy !== null) {
    const { before, after } = neighbourAccuracy;
    const chance = chanceAccuracy === null ? '' : `; by chance ${percent(chanceAccuracy)}`;
    cards.push(
      figure(
        'Nearest note has the same category',
        `${percent(before)} → ${percent(after)}`,
        verdict(after - before, `before → after training${chance}`),
      ),
    );
  }
  if (training !== null) {
    cards.push(
      figure(
        'Trained',
        `${number(training.steps)} steps`,
        html`${number(training.tokens)} tokens, ${number(training.tokensPerSecond)} a second`,
      ),
    );
  }
  return html`<dl class="figures">${cards}</dl>`;
}

function figure(name: string, value: string, remark: Html): Html {
  return html`<div class="figure">
    <dt>${name}</dt>
    <dd>${value}<small>${remark}</small></dd>
  </div>`;
}

function verdict(gain: number, remark: string): Html {
  return gain > 0 ? html`<span class="better">better</span>, ${remark}` : html`${remark}`;
}

function plural(corpus: ReportCorpus): Html {
  const categories = Object.keys(corpus.categories).length;
  return html`${corpus.name}, ${categories} ${categories === 1 ? 'category' : 'categories'}`;
}

function trainingSection(training: ReportTraining): Html {
  return html`<h2>Training</h2>
    <p class="quiet">
      ${training.objective} from ${training.base}, on ${number(training.documentsTrain)} notes;
      ${number(training.documentsHeldOut)} notes were held out of it.
    </p>
    <div class="card">${lossChart(training.curve)}</div>`;
}

function mapSection(maps: ReportData['maps']): Html {
  const first = maps[0];
  return html`<h2>Map of the notes</h2>
    <p class="quiet">
      Every point is a note; notes that the model finds similar lie close together (UMAP). Distances
      between far groups mean little.
    </p>
    <div class="maps">
      ${maps.map(
        ({ title, points }) =>
          html`<div class="card">
            <h3>${title}</h3>
            ${clusterChart(points, title)}
          </div>`,
      )}
    </div>
    ${first === undefined ? [] : [categoryLegend(first.points)]}`;
}

function exampleSection({ examples, showNoteText }: ReportData): Html {
  return html`<h2>Similar notes</h2>
    ${examples.map(
      (example, number) =>
        html`<div class="card">
          <h3>
            ${showNoteText ? example.title : `Note ${number + 1}`} ${tag(example.category, null)}
          </h3>
          ${showNoteText ? [html`<blockquote>${example.text}</blockquote>`] : []}
          <table>
            <thead>
              <tr>
                <th class="number">Similarity</th>
                <th>Category</th>
                ${
                  showNoteText
                    ? [
                        html`<th>Note</th>
                          <th>Passage</th>`,
                      ]
                    : []
                }
              </tr>
            </thead>
            <tbody>
              ${example.results.map(
                (result) =>
                  html`<tr>
                    <td class="number">${result.similarity.toFixed(3)}</td>
                    <td>${tag(result.category, example.category)}</td>
                    ${
                      showNoteText
                        ? [
                            html`<td>${result.title}</td>
                              <td>${result.snippet}</td>`,
                          ]
                        : []
                    }
                  </tr>`,
              )}
            </tbody>
          </table>
        </div>`,
    )}`;
}

function tag(category: string | null, reference: string | null): Html {
  if (category === null) return html``;
  return category === reference
    ? html`<span class="tag same">${category}</span>`
    : html`<span class="tag">${category}</span>`;
}

function corpusSection(corpus: ReportCorpus): Html {
  const rows = Object.entries(corpus.categories);
  const most = Math.max(1, ...rows.map(([, count]) => count));
  return html`<h2>Corpus</h2>
    <p class="quiet">
      ${corpus.name}: ${number(corpus.documents)} notes, half of them longer than
      ${number(corpus.words.median)} words, one in twenty longer than ${number(corpus.words.p95)}.
      ${corpus.problems === 0 ? 'Everything could be read.' : `${number(corpus.problems)} places could not be read as they stand.`}
    </p>
    ${
      rows.length === 0
        ? html`<p class="quiet">It has no categories.</p>`
        : html`<div class="card">
            <table>
              <thead>
                <tr>
                  <th>Category</th>
                  <th class="number">Notes</th>
                  <th></th>
                </tr>
              </thead>
              <tbody>
                ${rows.map(
                  ([name, count]) =>
                    html`<tr>
                      <td>${name}</td>
                      <td class="number">${number(count)}</td>
                      <td width="50%">
                        <span class="bar" style="width:${Math.round((100 * count) / most)}%"></span>
                      </td>
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>`
    }`;
}

/** The category may be told, the note's name may not: it may be a patient's number. */
function withoutTitles(map: ReportData['maps'][number]): ReportData['maps'][number] {
  const { points } = map;
  const titles = Array.from(points.category, (category) => points.categories[category] ?? '');
  return { ...map, points: { ...points, titles } };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function perplexity(loss: number): string {
  return Math.exp(loss).toPrecision(3);
}

function number(value: number): string {
  return Math.round(value).toLocaleString('en');
}
