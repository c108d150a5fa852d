import type * as vscode from 'vscode';
import type { Corpora } from './corpora/corpora.js';
import type { Jobs } from './runs/jobs.js';
import type { LookupClient } from './lookup/lookupClient.js';
import type { Notices } from './notices.js';
import type { Places } from './places.js';
import type { Marks } from './notes/marks.js';
import type { TableRows } from './notes/tableRows.js';

/** Services shared by the parts of the extension; created once, by `activate`. */
export interface Services {
  readonly extensionUri: vscode.Uri;
  readonly places: Places;
  readonly notices: Notices;
  readonly corpora: Corpora;
  readonly lookup: LookupClient;
  readonly jobs: Jobs;
  readonly rows: TableRows;
  readonly marks: Marks;
}
