import { describe, expect, it } from 'vitest';
import { readHtml } from '../../../../src/core/corpus/letters/html.js';
import { markupOf } from '../../../../src/core/corpus/letters/markup.js';

describe('HTML', () => {
  it.for([
    ['<p>One\n  two<p>Three&nbsp;&amp; four', 'One two\n\nThree & four'],
    ['<div>a</div><div>b<br>c</div>', 'a\nb\nc'],
    ['<ul><li>a<li>b</ul>', 'a\nb'],
    ['<table><tr><th>Na<th>K<tr><td>140<td>4.1</table>end', 'Na\tK\n140\t4.1\nend'],
    ['<table><tr><td><p>one</p><p>two</p><td>three</table>', 'one\n\ntwo\nthree'],
    ['<table><tr><td>a<table><tr><td>b<td>c</table><td>d</table>', 'a\nb\tc\nd'],
    [
      '<head><title>t</title><style>p{}</style></head><script>x</script><pre>a\n  b</pre>',
      'a\n  b',
    ],
    ['<p>seen by <NAME> on <DATE/>, K <5 and >3</p>', 'seen by <NAME> on <DATE/>, K <5 and >3'],
    ['<p>a</p>b <unfinished', 'a\n\nb <unfinished'],
    ['<p><o:p>office</o:p> <st1:place w:st="on">Bath</st1:place></p>', 'office Bath'],
    ['first\nsecond<br>\nthird &lt; 4', 'first\nsecond\n\nthird < 4'],
    [
      '<p><input type=checkbox checked>yes <input type=checkbox>no <input value="12"></p>',
      '[x] yes [ ] no 12',
    ],
  ] as const)('%s', ([html, text]) => {
    expect(readHtml(html).text).toBe(text);
  });

  it.for([
    ['<b>a</b> <!-- never closed, <i>then</i> more', 'a <!-- never closed, then more'],
    ['<b>a</b> <img src="x and <i>then</i> more', 'a <img src="x and then more'],
    ['<b>a</b> <style> then more', 'a <style> then more'],
    ['<b>a</b> <title>Ward round</title> more', 'a Ward round more'],
    ['<b>a</b> said <b said> so, p <a 0.05 and <i>b</i>', 'a said <b said> so, p <a 0.05 and <i>b'],
    ['<b>a</b> on <DATE:2020-01-02> by <NAME:JONES>', 'a on <DATE:2020-01-02> by <NAME:JONES>'],
    ['<b>a</b> <? what <!DOC and </ 5 > more', 'a <? what <!DOC and </ 5 > more'],
    ['<b>a</b> <![CDATA[K <5]]> more', 'a K <5 more'],
    [
      '<b>a</b> Jane <jane.doe@example.org> <b@example.org>',
      'a Jane <jane.doe@example.org> <b@example.org>',
    ],
    ['<p>a</p></q></div>', 'a'],
    ['<head><body><p>a', 'a'],
    ['a</br>b<br>', 'a\nb'],
  ] as const)('loses no words to what only looks like markup: %s', ([html, text]) => {
    expect(readHtml(html).text).toBe(text);
  });

  it('counts comments with words, unseen parts and a page that ends within a style', () => {
    const html = '<p>a<!-- b c --><!-- StartFragment --><noscript>x</noscript></p><body><style>p{';
    expect(readHtml(html)).toEqual({ text: 'a', leftOut: { hidden: 1, end: 1 } });
    expect(readHtml('<p>a<!-- call back --></p>').leftOut).toEqual({ comment: 1 });
  });

  it('counts what it leaves out', () => {
    const html =
      '<p>a<img src=x><img alt="a scan"><span style="display:none">b</span><iframe></iframe></p>';
    expect(readHtml(html)).toEqual({
      text: 'aa scan',
      leftOut: { image: 1, hidden: 1, object: 1 },
    });
  });

  it('does not run out of stack', () => {
    const deep = 20_000;
    expect(readHtml(`${'<div>'.repeat(deep)}in${'</div>'.repeat(deep)}`).text).toBe('in');
  });
});

describe('Markup in a text', () => {
  it.for([
    [String.raw`{\rtf1 a}`, 'rtf'],
    ['\n<html><body>x', 'html'],
    ['<p class="a">x', 'html'],
    ['pain<br/>none', 'html'],
    ['is <b>bold</b>', 'html'],
    ['tea &amp; toast', 'html'],
    ['K <5 and Na >140', null],
    ['seen by <NAME>, <s> and <mask>', null],
    ['<b and c> d', null],
    ['R&D; tea & toast', null],
    [String.raw`quotes {\rtf1 in the middle`, null],
  ] as const)('%s: %s', ([text, kind]) => {
    expect(markupOf(text)).toBe(kind);
  });

  it('is left alone in Markdown, but for a whole page', () => {
    expect(markupOf('a<br>b', true)).toBeNull();
    expect(markupOf('<!DOCTYPE html><p>a', true)).toBe('html');
  });
});
