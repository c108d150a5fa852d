/** Messages of the Evaluation panel. */
import { basename } from 'node:path';
import { classifierLabels } from '../../core/evaluate/classification/classifier.js';
import { protocolEntries } from '../../protocol/catalogue/evaluation.js';
import type { Figures, TextsName } from '../../protocol/catalogue/evaluation.js';
import { defaultProtocol } from '../../protocol/catalogue/protocols.js';
import type { ProtocolName } from '../../protocol/catalogue/protocols.js';
import type {
  EvaluationHostMessage,
  EvaluationSetting,
  RunHostMessage,
} from '../../protocol/panels.js';
import type { EvaluateResult, EvaluateRow } from '../../protocol/evaluation.js';
import type { EvaluationFiles, ReportFile } from '../runs/evaluationFiles.js';
import { modelName } from '../wording.js';
import type { Named } from './runPanel.js';

type Message = Exclude<EvaluationHostMessage, RunHostMessage>;

export function figuresMessage(result: EvaluateResult, { corpus, bundled }: Named): Message {
  const protocol = result.results[0]?.protocol ?? defaultProtocol;
  return {
    type: 'figures',
    corpus,
    protocol,
    rows: result.results.map((row) => ({
      model: modelName(row.model, bundled),
      shots: row.shots ?? null,
      figures: figuresOf(row, protocol),
    })),
    verdict: result.verdict,
  };
}

function figuresOf(row: EvaluateRow, protocol: ProtocolName): Figures {
  const { figures } = protocolEntries[protocol];
  return Object.fromEntries(figures.map((name) => [name, row[name]]));
}

export function reportMessage({ report, outcomes }: EvaluationFiles, named: Named): Message {
  const models = report.models.map(({ model }) => model);
  const nameOf = (model: string): string =>
    models.includes(model) ? modelName(model, named.bundled) : (baselines[model] ?? model);
  return {
    type: 'report',
    corpus: named.corpus,
    target: report.target.field,
    classes: report.target.classes,
    documents: report.parts,
    verdict: report.verdict,
    settings: report.settings
      .map((setting, position) => ({
        place: placeOf(setting.model, models),
        setting: {
          ...settingOf(setting),
          model: nameOf(setting.model),
          isBaseline: !models.includes(setting.model),
          protocol: wordBaselines.includes(setting.model) ? null : setting.protocol,
          outcomes: outcomesIn(outcomes, position),
        },
      }))
      .sort((a, b) => a.place - b.place)
      .map(({ setting }) => setting),
    comparisons: report.comparisons.map(({ a, b, texts, ...rest }) => ({
      ...rest,
      withoutWords: isWithoutWords(texts),
      a: nameOf(a),
      b: nameOf(b),
    })),
    notes:
      outcomes === null
        ? null
        : {
            labels: outcomes.labels,
            names: outcomes.ids.map((id) => (named.isFolder ? basename(id) : id)),
            actual: Int32Array.from(outcomes.actual),
          },
    words: report.withoutWords,
    hideText: false,
  };
}

/** Baselines that know words alone, or nothing: they are measured once for all protocols. */
const wordBaselines: readonly string[] = ['tf-idf', 'naive-bayes', 'majority'];

/** In the order in which they are shown, after the models. */
const baselines: Readonly<Record<string, string>> = {
  'tf-idf': 'TF-IDF',
  'random-weights': 'Random weights',
  'naive-bayes': 'Naive Bayes',
  majority: 'Most frequent class',
};

function placeOf(model: string, models: readonly string[]): number {
  const order = [...models, ...Object.keys(baselines)];
  const place = order.indexOf(model);
  return place < 0 ? order.length : place;
}

type ReportedSetting = ReportFile['settings'][number];

function settingOf(
  setting: ReportedSetting,
): Omit<EvaluationSetting, 'model' | 'isBaseline' | 'protocol' | 'outcomes'> {
  const { classifier, isMain, shots, texts, figures, classes, reliability, runs } = setting;
  const labels: Readonly<Record<string, string>> = classifierLabels;
  return {
    ...{ isMain, shots, figures, classes },
    withoutWords: isWithoutWords(texts),
    classifier: labels[classifier] ?? classifier,
    runs: runs.length,
    seconds: runs.reduce((sum, { seconds }) => sum + seconds, 0) / Math.max(1, runs.length),
    trainableParameters: runs[0]?.trainableParameters ?? null,
    memoryBytes: largest(runs.flatMap(({ memoryBytes }) => memoryBytes ?? [])),
    reliability:
      reliability?.flatMap(({ count, meanConfidence, shareRight }) =>
        meanConfidence === null || shareRight === null
          ? []
          : { confidence: meanConfidence, right: shareRight, count },
      ) ?? null,
  };
}

/** Reports of whole notes alone need not say so. */
function isWithoutWords(texts: TextsName | undefined): boolean {
  return texts === 'without-words';
}

function outcomesIn(
  outcomes: EvaluationFiles['outcomes'],
  position: number,
): EvaluationSetting['outcomes'] {
  const found = outcomes?.settings.find(({ setting }) => setting === position);
  if (found === undefined) return null;
  return found.runs.map(({ predicted, confidence }) => ({
    predicted: Int32Array.from(predicted),
    confidence: confidence === null ? null : Float32Array.from(confidence),
  }));
}

function largest(values: readonly number[]): number | null {
  return values.length === 0 ? null : Math.max(...values);
}

/** Names of notes may identify patients: while text is hidden they are never sent to the panel. */
export function withoutText(message: EvaluationHostMessage): EvaluationHostMessage {
  if (message.type !== 'report' || message.notes === null) return message;
  const { notes } = message;
  return { ...message, notes: { ...notes, names: notes.names.map(() => '') }, hideText: true };
}
