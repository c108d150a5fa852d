import type { ModelsView } from './views/modelsView.js';
import type { NoteDocuments } from './notes/noteDocuments.js';
import type { Panels } from './panels/all.js';
import type { ObjectiveName } from '../protocol/catalogue/objectives.js';
import type { Corpus } from './corpora/corpora.js';
import type { StudyReports } from './panels/studyReports.js';
import type { RunsView } from './views/runsView.js';
import type { Services } from './services.js';

/** What to train, on what: everything except the configuration. */
export interface PretrainSubject {
  readonly corpus: Corpus;
  readonly objective: ObjectiveName;
  /** Absolute path of a model folder. */
  readonly base: string;
}

/** The services and the panels: everything that a command may need. */
export interface Workbench extends Services, Panels {
  readonly noteDocuments: NoteDocuments;
  readonly studyReports: StudyReports;
  readonly runsView: RunsView;
  readonly modelsView: ModelsView;
  /** The subject of each open training configuration, by its URI. */
  readonly subjects: Map<string, PretrainSubject>;
}
