import { describe, expect, it } from 'vitest';
import { hasPath, lastName, leafPaths, textsAt } from '../../../src/core/corpus/dottedPath.js';

const record = {
  _id: { $oid: '5f0a' },
  at: { $date: { $numberLong: '1709337600000' } },
  data: { text: 'Slept well.', lines: ['a', 'b'] },
  'flat.name': 'x',
  flat: { name: 'not reached', other: 'y' },
  passages: [{ text: 'One.' }, { text: 'Two.', kind: null }],
  fields: [{ value: 'first' }, { value: 'second' }],
  spans: [
    { start: '0', end: '4', text: 'Slep', label: 'SIGN' },
    { start: '5', end: '9', text: 'well', label: 'DRUG' },
  ],
  marked: [
    ['0', '4', 'SIGN'],
    ['5', '9', 'DRUG'],
  ],
  tokens: [{ text: 'Slept', start: '0', end: '5' }],
  content: [{ attachment: { contentType: 'text/plain', data: 'U2xlcHQ=' } }],
};

describe('A dotted path', () => {
  it.each([
    ['_id', ['5f0a']],
    ['at', ['2024-03-02T00:00:00.000Z']],
    ['data.text', ['Slept well.']],
    ['data.lines', ['a', 'b']],
    ['data.lines.1', ['b']],
    ['flat.name', ['x']],
    ['flat.other', ['y']],
    ['passages.text', ['One.', 'Two.']],
    ['fields.0.value', ['first']],
    ['fields.7.value', []],
    ['spans', ['SIGN', 'DRUG']],
    ['spans.label', ['SIGN', 'DRUG']],
    ['marked', ['SIGN', 'DRUG']],
    ['content.attachment.data', ['Slept']],
    ['data', []],
    ['nothing.here', []],
    ['constructor', []],
  ])('%s reaches its values', (path, texts) => {
    expect(textsAt(record, path)).toEqual(texts);
  });

  it('is offered for every value that has a text, but not for the places of spans', () => {
    expect([...leafPaths(record)]).toEqual([
      ...['_id', 'at', 'data.text', 'data.lines', 'flat.name', 'flat.other'],
      ...['passages.text', 'passages.kind', 'fields.value', 'spans.label', 'marked'],
      ...['content.attachment.contentType', 'content.attachment.data'],
    ]);
  });

  it('is known to be there though its value is empty', () => {
    expect(hasPath(record, 'passages.kind')).toBe(true);
    expect(hasPath(record, 'passages.size')).toBe(false);
  });

  it.each([
    ['text', 'text'],
    ['_source.note', 'note'],
    ['fields.0.value', 'value'],
    ['fields.0', 'fields'],
  ])('%s ends in the name %s', (path, name) => {
    expect(lastName(path)).toBe(name);
  });
});
