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

it('asks one question about an opened row, and does not show the row itself', async () => {
  const { services, asked } = fakeServices('abc123');
  const uri = Uri.from({ scheme: noteScheme, path: '/abc123/note.txt', query: 'key=own' });
  const document = {
    uri,
    lineCount: 1,
    lineAt: () => ({ text: 'Short of breath.' }),
    validateRange: (range: unknown) => range,
    getText: () => 'Short of breath.',
  };
  const { token } = new CancellationTokenSource();
  const provider = createHoverProvider(services);
  const hover = provider.provideHover(document as never, { line: 0 } as never, token);
  await expect.poll(() => asked.length).toBe(1);
  const [question] = asked;
  expect(question).toMatchObject({
    method: 'similar',
    // The row's id is not known, but its key is. One more makes up for an index that cannot leave it out.
    params: { query: { text: 'Short of breath.', excludeKey: 'own' }, k: 4 },
  });
  expect(question?.params['query']).not.toHaveProperty('excludeId');
  await question?.answer({ results: [{ id: '7', key: 'own', file: null, similarity: 1 }] });
  expect(await hover).toBe(null);
  expect(asked).toHaveLength(1);
});

it('shows how near each record is, and what it stands for', async () => {
  const { services, asked } = fakeServices('abc123');
  const uri = Uri.from({ scheme: noteScheme, path: '/abc123/note.txt', query: 'key=own' });
  const document = {
    ...{ uri, lineCount: 1, lineAt: () => ({ text: 'Short of breath.' }) },
    ...{ validateRange: (range: unknown) => range, getText: () => 'Short of breath.' },
  };
  const { token } = new CancellationTokenSource();
  const hover = createHoverProvider(services).provideHover(
    document as never,
    { line: 0 } as never,
    token,
  );
  await expect.poll(() => asked.length).toBe(1);
  const record = { file: null, category: 'ward', similarity: 0.8123, snippet: 'Breathless.' };
  const none = { assertion: null, copies: { count: 0, ids: [] } };
  await asked[0]?.answer({
    results: [
      { ...record, ...none, id: '1', key: 'a', nearness: 61.6, copies: { count: 1200, ids: [] } },
      { ...record, ...none, id: '2', key: 'b', nearness: 40, assertion: 'family' },
      { ...record, ...none, id: '3', key: 'c', nearness: null },
    ],
  });
  const { contents } = (await hover) as unknown as { contents: { value: string } };
  expect(contents.value).toContain('62 % · 1,200 almost identical');
  expect(contents.value).toContain('40 % · family history');
  expect(contents.value).toContain('0.812');
});
