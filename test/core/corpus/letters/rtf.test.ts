import { describe, expect, it } from 'vitest';
import { readRtf } from '../../../../src/core/corpus/letters/rtf.js';

const head = String.raw`{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil\fcharset0 Arial;}{\f1\fnil\fcharset204 Arial;}{\f2\ftech\fcharset2 Symbol;}{\f3\fcharset128 MS;}}{\colortbl ;\red255\green0\blue0;}{\stylesheet{\s0 Normal;}}{\*\generator Made;}\viewkind4\uc1\pard\f0\fs20 `;
const text = (body: string): string => readRtf(`${head}${body}}`).text;

describe('RTF', () => {
  it.for([
    [
      'paragraphs and tabs',
      String.raw`One.\par Two:\tab three\line four\par`,
      'One.\nTwo:\tthree\nfour',
    ],
    ['bytes of the code page', String.raw`caf\'e9 it\'92s`, 'café it’s'],
    ['Unicode with what stands for it', String.raw`\u8217?s \u8217\'92s \uc0\u955 x`, '’s ’s λx'],
    ['characters beyond 32,767', String.raw`\u-10179?\u-8704?`, '\ud83d\ude00'],
    ['bytes of a font', String.raw`{\f1 \'cf\'f0\'e8}`, 'При'],
    ['a second byte that looks like ASCII', String.raw`{\f3 \'83A\'83\'43}`, 'アイ'],
    ['the font Symbol', String.raw`{\f2 a\'b3}5 {\u-3913?}`, 'α≥5 •'],
    ['braces and backslashes', String.raw`\{a\\b\}`, '{a\\b}'],
    ['dashes and blanks', String.raw`a\endash b\~c\_d e\-f`, 'a–b c-d ef'],
    [
      'rows of a table',
      String.raw`\trowd\pard\intbl a\cell b\cell\row\trowd c\cell d\cell\row`,
      'a\tb\nc\td',
    ],
    [
      'links by what they show',
      String.raw`{\field{\*\fldinst HYPERLINK "x"}{\fldrslt seen}}.`,
      'seen.',
    ],
    [
      'boxes',
      String.raw`{\shp{\*\shpinst{\sp{\sn w}{\sv 1}}{\shptxt boxed\par}}{\shprslt twice}}`,
      'boxed',
    ],
    ['Unicode twins of a group', String.raw`{\upr{old}{\*\ud new}}`, 'new'],
    [
      'the header first, the footer last',
      String.raw`body\par{\footer last}{\header first}`,
      'first\nbody\n\nlast',
    ],
    ['line breaks of the file as nothing', 'a\r\nb\nc', 'abc'],
  ] as const)('reads %s', ([, body, expected]) => {
    expect(text(body)).toBe(expected);
  });

  it('counts what it leaves out', () => {
    const body = String.raw`a{\pict\pngblip 00ff}{\nonshppict{\pict 00}}{\footnote why}{\v secret}{\deleted gone}{\*\atnid x}{\*\annotation said}b`;
    expect(readRtf(`${head}${body}}`)).toEqual({
      text: 'ab',
      leftOut: { image: 1, footnote: 1, hidden: 1, deleted: 1, comment: 1 },
    });
  });

  it('says when its end is missing, and keeps what is there', () => {
    expect(readRtf(`${head}One.\\par Two`)).toEqual({ text: 'One.\nTwo', leftOut: { end: 1 } });
  });

  it('leaves out bytes of binary data', () => {
    expect(text(String.raw`a\bin3 }}}b`)).toBe('ab');
  });

  it('takes raw bytes of a file by the code page, and characters of a column as they are', () => {
    expect(readRtf(`${head}caf\u00e9 \u0092}`, true).text).toBe('café ’');
    expect(readRtf(`${head}café ’}`).text).toBe('café ’');
  });
});
