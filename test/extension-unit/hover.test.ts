import { beforeEach, expect, it } from 'vitest';
import { noteScheme, settingKeys } from '../../src/extension/contributions.js';
import { createHoverProvider } from '../../src/extension/lookup/hover.js';
import { CancellationTokenSource, host, Uri } from '../host/fakeVscode.js';
import { fakeServices } from './fixtures/services.js';

beforeEach(() => host.reset());

it('looks nothing up for the sentence that stands in the place of a hidden row', async () => {
  const { services, asked } = fakeServices('ward');
  const uri = Uri.from({ scheme: noteScheme, path: '/ward/note.txt', query: 'key=k' });
  const document = { uri, lineCount: 1, lineAt: () => ({ text: 'Note text is hidden.' }) };
  host.settings.set(settingKeys.hideNoteText, true);
  const { token } = new CancellationTokenSource();
  const hover = createHoverProvider(services).provideHover(
    document as never,
    { line: 0 } as never,
    token,
  );
  expect(await hover).toBe(null);
  expect(asked).toEqual([]);
});
