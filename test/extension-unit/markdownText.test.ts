import { describe, expect, it } from 'vitest';
import { shorten, plainText } from '../../src/extension/lookup/markdownText.js';

describe('plainText', () => {
  it('breaks every address that a renderer would turn into a link', () => {
    const text =
      'see https://x.test/a, HTTP://y.test, ftp://z.test, www.w.test, Www.v.test or a@b.test';
    const broken = plainText(text);
    // The patterns of GitHub flavoured markdown's extended autolinks.
    expect(broken).not.toMatch(/(https?|ftp):\/\//i);
    expect(broken).not.toMatch(/www\./i);
    expect(broken).not.toMatch(/[\w.+-]@[\w-]/);
    expect(broken.replaceAll('\u2060', '')).toBe(text);
  });

  it('shows what looks like HTML or an entity as it is written', () => {
    expect(plainText('Na <135 & K >5 <b>&lt;')).toBe('\u2060Na &lt;135 &amp; K >5 &lt;b>&amp;lt;');
  });

  it('leaves the rest alone', () => {
    expect(plainText('BP 120/80, ratio 1:2 (ok)')).toBe('\u2060BP 120/80, ratio 1:2 (ok)');
  });

  it('begins no list', () => {
    expect(plainText('1. Aspirin')).not.toMatch(/^\d/);
  });
});

describe('shorten', () => {
  it('puts text on one line and cuts at a word', () => {
    expect(shorten('  a\n b\t c ', 20)).toBe('a b c');
    expect(shorten('alpha beta gamma', 12)).toBe('alpha beta…');
  });

  it('cuts no character in two', () => {
    expect(shorten('😀😀😀', 3)).toBe('😀…');
  });
});
