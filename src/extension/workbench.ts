import type { PretrainSubject } from './commands/pretrain.js';
import type { ModelsView } from './views/modelsView.js';
import type { NoteDocuments } from './notes/noteDocuments.js';
import type { Panels } from './panels/all.js';
import type { RunsView } from './views/runsView.js';
import type { Services } from './services.js';

/** The services and what they are shown in: all that a command may need. */
export interface Workbench extends Services, Panels {
  readonly noteDocuments: NoteDocuments;
  readonly runsView: RunsView;
  readonly modelsView: ModelsView;
  /** What an open training configuration was opened for, by its URI. */
  readonly subjects: Map<string, PretrainSubject>;
}
