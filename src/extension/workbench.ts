import type { ModelsView } from './views/modelsView.js';
import type { NoteDocuments } from './notes/noteDocuments.js';
import type { Clusters } from './panels/clusters.js';
import type { Comparison } from './panels/comparison.js';
import type { Evaluation } from './panels/evaluation.js';
import type { SimilarNotes } from './panels/similarNotes.js';
import type { Training } from './panels/training.js';
import type { ObjectiveName } from '../protocol/run.js';
import type { Corpus } from './corpora/corpora.js';
import type { RunsView } from './views/runsView.js';
import type { Services } from './services.js';

/** What is trained on what: everything but the configuration. */
export interface PretrainSubject {
  readonly corpus: Corpus;
  readonly objective: ObjectiveName;
  /** Absolute path of a model folder. */
  readonly base: string;
}

/** The services and what they are shown in: all that a command may need. */
export interface Workbench extends Services {
  readonly noteDocuments: NoteDocuments;
  readonly similarNotes: SimilarNotes;
  readonly clusters: Clusters;
  readonly training: Training;
  readonly comparison: Comparison;
  readonly evaluation: Evaluation;
  readonly runsView: RunsView;
  readonly modelsView: ModelsView;
  /** What an open training configuration was opened for, by its URI. */
  readonly subjects: Map<string, PretrainSubject>;
}
