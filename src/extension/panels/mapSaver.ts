/** Saves the map as a picture or a page: asks how and where, then for the drawing, which is the panel's. */
import { Cancelled } from '../../core/base/errors.js';
import { writeFileAtomic } from '../../core/base/files.js';
import { mapPictureNames, mapPictures } from '../../protocol/catalogue/map.js';
import type { MapPicture } from '../../protocol/catalogue/map.js';
import type { ClustersHostMessage } from '../../protocol/panels.js';
import type * as vscode from 'vscode';
import { choose } from '../ask/choices.js';
import type { Corpus } from '../corpora/corpora.js';
import { askWhere } from '../lookup/saveTable.js';
import { readSettings } from '../settings.js';

export interface MapSaver {
  /** Throws Cancelled when the user closes a question. */
  ask(corpus: Corpus): Promise<void>;
  /** Writes what was asked for; nothing that was not. */
  save(picture: MapPicture, content: Uint8Array): Promise<void>;
}

const title = 'Save the Map';

export function createMapSaver(post: (message: ClustersHostMessage) => void): MapSaver {
  let waiting: { readonly picture: MapPicture; readonly uri: vscode.Uri } | null = null;
  return {
    async ask(corpus) {
      const picture = await choose(
        title,
        mapPictureNames.map((name) => ({ label: mapPictures[name].label, value: name })),
      );
      const hasNames = mapPictures[picture].canHoldNames && (await askNames());
      const { label, ending } = mapPictures[picture];
      const uri = await askWhere(title, corpus, `map.${ending}`, { [label]: [ending] });
      waiting = { picture, uri };
      post({ type: 'render', picture, hasNames });
    },
    async save(picture, content) {
      if (waiting?.picture !== picture) throw new Cancelled();
      const { uri } = waiting;
      waiting = null;
      await writeFileAtomic(uri.fsPath, content);
    },
  };
}

/** Names may tell who somebody is, and are hidden with note text. */
async function askNames(): Promise<boolean> {
  if (readSettings().hideNoteText) return false;
  return choose(title, [
    { label: 'Without the names of notes', value: false },
    {
      label: 'With the names of notes, shown under the pointer',
      detail: 'They may tell who somebody is.',
      value: true,
    },
  ]);
}
