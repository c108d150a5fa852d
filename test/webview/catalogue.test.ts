/** What is new in the catalogue is drawn by the panels, without another edit. */
import type { TemplateResult } from 'lit';
import { describe, expect, it, vi } from 'vitest';
import type { ComparedRun } from '../../src/protocol/panels.js';
import { addMadeUp, loss, madeUp, objective, protocol } from '../catalogue/madeUp.js';

// Elements register themselves in a browser; what is drawn is read here without one.
vi.mock('@vscode-elements/elements/dist/vscode-button/index.js', () => ({}));
vi.mock('@vscode-elements/elements/dist/vscode-progress-ring/index.js', () => ({}));
addMadeUp();
const { settingsBehind } = await import('../../webview/comparison/settings.js');
const comparison = await import('../../webview/comparison/messages.js');
const evaluation = await import('../../webview/evaluation/messages.js');
const { figuresTable } = await import('../../webview/evaluation/figuresTable.js');
const { lossNames } = await import('../../src/protocol/catalogue/losses.js');
const { lossColour, lossName, sortedLosses } = await import('../../webview/shared/losses.js');
const { objectiveName } = await import('../../webview/shared/metricsLine.js');
const { emptyState, receive } = await import('../../webview/comparison/state.js');
const { comparisonView } = await import('../../webview/comparison/view.js');

const palette = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const theme = { palette, muted: 'grey' } as never;

/** The words of a template, in order. */
function textOf(template: unknown): string {
  if (Array.isArray(template)) return template.map(textOf).join('');
  if (typeof template === 'string' || typeof template === 'number') return String(template);
  if (typeof template !== 'object' || template === null || !('strings' in template)) return '';
  const { strings, values } = template as TemplateResult;
  return strings.map((text, at) => text + textOf(values[at])).join('');
}

function run(settings: Record<string, unknown>): ComparedRun {
  return {
    id: 'run',
    name: 'run',
    corpus: 'ward',
    base: 'bundled',
    status: 'done',
    objective: madeUp.objective,
    settings: Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [name, JSON.stringify(value)]),
    ),
  };
}

describe('A made-up objective', () => {
  it('may be in a message, and others may not', () => {
    expect(objectiveName.safeParse(madeUp.objective).success).toBe(true);
    expect(objectiveName.safeParse('nonsense').success).toBe(false);
    expect(comparison.schemas.runs.safeParse({ type: 'runs', runs: [run({})] }).success).toBe(true);
  });

  it('is called by its label', () => {
    const state = receive(emptyState, { type: 'runs', runs: [run({})] });
    const nothing = (): void => undefined;
    const actions = { measure: nothing, smooth: nothing, toggle: nothing, show: nothing };
    expect(textOf(comparisonView(state, theme, actions as never))).toContain(objective.label);
  });
});

describe('A made-up loss', () => {
  it('has its name, its place and a colour of its own', () => {
    expect(lossName(madeUp.loss)).toBe(loss.label);
    expect(sortedLosses(['unheard', madeUp.loss, 'category', 'mlm'])).toEqual([
      'mlm',
      'category',
      madeUp.loss,
      'unheard',
    ]);
    expect(lossNames).toContain(madeUp.loss);
    const colours = [...lossNames, 'unheard'].map((name) => lossColour(palette, name));
    expect(new Set(colours).size).toBe(lossNames.length + 1);
  });

  it('is decided by its settings, those of its objective and the batches', () => {
    const own = ['echoesPerNote', 'echoStrength', 'batchDocuments', 'gradientAccumulationSteps'];
    expect(settingsBehind(run({ echoStrength: 0.5 }), madeUp.loss)).toEqual(own);
    expect(settingsBehind(run({ echoStrength: 1 }), madeUp.loss)).toContain('echoDelay');
    expect(settingsBehind(run({}), 'mlm')).toEqual(['mlmProbability', 'wholeWordMasking']);
    expect(settingsBehind(run({}), null)).toEqual(
      expect.arrayContaining(['lossWeights', ...own, 'mlmProbability']),
    );
  });
});

describe('A made-up protocol', () => {
  const message = {
    type: 'figures',
    corpus: 'ward',
    protocol: madeUp.protocol,
    rows: [
      { model: 'first', shots: 16, figures: { [madeUp.figure]: 40, accuracy: 0.25 } },
      { model: 'second', shots: 'all', figures: { [madeUp.figure]: 30, accuracy: null } },
    ],
    verdict: [],
  };

  it('may be in a message with its figures, and others may not', () => {
    expect(evaluation.schemas.figures.safeParse(message).success).toBe(true);
    const strange = { ...message, protocol: 'nonsense' };
    expect(evaluation.schemas.figures.safeParse(strange).success).toBe(false);
    const rows = [{ model: 'first', shots: null, figures: { nonsense: 1 } }];
    expect(evaluation.schemas.figures.safeParse({ ...message, rows }).success).toBe(false);
  });

  it('is drawn with its sentence and a column a figure, lower being better as it says', () => {
    const read = evaluation.schemas.figures.safeParse(message);
    if (!read.success) throw new Error('the message is refused');
    const text = textOf(figuresTable(read.data, theme));
    expect(text).toContain(protocol.sentence);
    const heads = [...text.matchAll(/<th scope="col">([^<]*)</g)].map(([, head]) => head);
    expect(heads).toEqual(['Model', 'Notes per class', 'Words per note', 'Accuracy']);
    expect(text).toMatch(/30\.0[\s\S]*25\.0 %[\s\S]*better/);
    expect(text).toContain('–');
  });
});
