/** Random notes with what looks like markup, and what is: no word of theirs is lost unsaid. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readHtml } from '../../../../src/core/corpus/letters/html.js';
import { createPlainText } from '../../../../src/core/corpus/plainText.js';
import { wordsOf } from '../../../../src/core/corpus/remark.js';

const cases = { numRuns: 2000, seed: 5 };

const plain = [
  ...[
    '<b>',
    '<5',
    '<john@x.org>',
    '<NAME>',
    '<DATE:2020-01-02>',
    '< 5',
    '> 3',
    '<-',
    '->',
    '<<',
    '>>',
  ],
  ...[
    '<b said>',
    '<a 0.05',
    '</ 5',
    '<?',
    '<!',
    '</',
    '<',
    '>',
    '&',
    '&c',
    '"',
    "'",
    '<s>',
    '<mask>',
  ],
  ...[
    '<p',
    '<img src="x',
    '<h/o',
    '<3',
    '<i',
    '<=',
    '=>',
    '<b',
    '<a@b.c>',
    '<http://x.org/a>',
    '\n',
  ],
];
/** A quote may end an attribute that was begun, whose words are then none of the text. */
const unquoted = plain.filter((piece) => piece !== '"');
const elements = [
  ...[
    '</b>',
    '<i>',
    '</i>',
    '<br>',
    '<br/>',
    '<p>',
    '</p>',
    '<div class="a">',
    '</div>',
    '<td>',
    '</tr>',
  ],
  ...[
    '&lt;',
    '&amp;',
    '&nbsp;',
    '<a href="x">',
    '</a>',
    '<o:p>',
    '</o:p>',
    '<html>',
    '<body>',
    '</table>',
  ],
];
const hiding = [
  ...[
    '<!--',
    '-->',
    '<style>',
    '</style>',
    '<script>',
    '</script>',
    '<title>',
    '</title>',
    '<![CDATA[',
  ],
  ...[
    ']]>',
    '<span style="display:none">',
    '</span>',
    '<template>',
    '</template>',
    '<head>',
    '<?xml',
  ],
];

/** Words, each of its own, with pieces between them. */
function note(pieces: readonly string[]): fc.Arbitrary<{ text: string; words: string[] }> {
  const between = fc.array(fc.constantFrom(...pieces), { maxLength: 2 });
  return fc.array(between, { minLength: 3, maxLength: 12 }).map((gaps) => {
    const words = gaps.map((_, i) => `word${i}q`);
    return { words, text: gaps.map((gap, i) => `${words[i] ?? ''} ${gap.join(' ')}`).join(' ') };
  });
}

const wordsIn = (text: string): string[] => text.match(/word\d+q/g) ?? [];

async function readNote(text: string): Promise<{ text: string; remarks: string[] }> {
  const plainText = createPlainText(['text']);
  const value = (field: string): string | null => (field === 'text' ? text : null);
  const row = await plainText.row({ where: 'a:1', line: 1, file: null, text: null, value });
  const remarks: string[] = [];
  plainText.report((_where, what) => void remarks.push(wordsOf(what, 'commandLine')));
  return { text: row.value('text') ?? '', remarks };
}

it('keeps a text as it is that has angle brackets and no markup', async () => {
  await fc.assert(
    fc.asyncProperty(note(plain), async ({ text }) => {
      expect(await readNote(text)).toEqual({ text, remarks: [] });
    }),
    cases,
  );
});

it('keeps every word among elements of HTML', async () => {
  await fc.assert(
    fc.asyncProperty(note([...unquoted, ...elements]), async ({ text, words }) => {
      expect(wordsIn((await readNote(text)).text)).toEqual(words);
    }),
    cases,
  );
});

it('says so where words are hidden in comments, styles and the like', () => {
  fc.assert(
    fc.property(note([...plain, ...elements, ...hiding]), ({ text, words }) => {
      const letter = readHtml(text);
      const isWhole = wordsIn(letter.text).join() === words.join();
      const isSaid = Object.keys(letter.leftOut).length > 0;
      // A page's style and script are none of its text.
      const isSilent = /<(style|script|title)>/.test(text);
      expect(isWhole || isSaid || isSilent).toBe(true);
    }),
    cases,
  );
});
