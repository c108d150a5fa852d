import type {
  CorpusPreviewHostMessage,
  CorpusPreviewPanelMessage,
} from '../../src/protocol/panels.js';
import { openPage } from '../shared/page.js';
import { schemas } from './messages.js';
import { received, start, type CorpusPreviewState } from './state.js';
import { corpusPreviewView } from './view.js';
import './corpusPreview.css';

const page = openPage<CorpusPreviewState, CorpusPreviewHostMessage, CorpusPreviewPanelMessage>({
  schemas,
  start,
  receive: received,
  view: (state) =>
    corpusPreviewView(state, {
      change(given) {
        page.change({ given, isBusy: true });
        page.send({ type: 'change', given });
      },
      rename: (name) => page.change({ name }),
      add: () => page.send({ type: 'add', name: page.state().name ?? '' }),
      cancel: () => page.send({ type: 'cancel' }),
    }),
});
