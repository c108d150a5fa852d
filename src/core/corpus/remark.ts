/** Sentences about a corpus that name settings as the place has them in which they are read. */
import { settingName } from '../../protocol/catalogue/readingSettings.js';
import type { NamedRole, NamedSetting, Place } from '../../protocol/catalogue/readingSettings.js';

type Named = NamedSetting | NamedRole;

/** A sentence whose settings have no names yet; a plain text if it names none. */
export type Remark = string | readonly (string | Named)[];

/** A sentence with texts, numbers and settings in it: remark`Wrong? Use ${{ setting: 'header' }}.` */
export function remark(
  texts: TemplateStringsArray,
  ...values: readonly (string | number | Named)[]
): Remark {
  return texts.flatMap((text, i) => {
    const value = values[i];
    if (value === undefined) return [text];
    return [text, typeof value === 'number' ? String(value) : value];
  });
}

/** The sentence for one place. */
export function wordsOf(said: Remark, place: Place): string {
  if (typeof said === 'string') return said;
  return said.map((part) => (typeof part === 'string' ? part : settingName(part, place))).join('');
}
