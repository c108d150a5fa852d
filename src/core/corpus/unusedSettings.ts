/** Refuses settings that would change nothing: none is accepted and passed over. */
import type { FieldMapping } from '../../protocol/catalogue/fieldRoles.js';
import { cutSettings } from '../../protocol/catalogue/readers.js';
import type { Reading } from '../../protocol/catalogue/reading.js';
import type { NamedRole, NamedSetting, Place } from '../../protocol/catalogue/readingSettings.js';
import { readerEntries } from '../../protocol/catalogue/sources.js';
import { usageError } from '../base/errors.js';
import type { UserError } from '../base/errors.js';
import type { RowSource } from './corpus.js';
import type { TypedField } from './keptFields.js';
import { remark, wordsOf } from './remark.js';

/** Refuses a cut that no table can have. */
export function refuseImpossible({ delimiter, quote, escape }: Reading, place: Place): void {
  if (delimiter !== undefined && (delimiter === '' || /["\r\n]/.test(delimiter))) {
    throw usageError(
      wordsOf(
        remark`${{ setting: 'delimiter' }} is a character or two, but no quote and no line break: choose another.`,
        place,
      ),
    );
  }
  if (quote === 'none' && escape !== undefined) {
    throw usageError(
      wordsOf(
        remark`With ${{ setting: 'quote', value: quote }} there is no quote that ${{ setting: 'escape' }} could apply to: leave one of them out.`,
        place,
      ),
    );
  }
}

/** @param name of the source, without its folder */
export function refuseUnused(
  { mapping, reading = {} }: { mapping: Partial<FieldMapping>; reading?: Reading | undefined },
  { kind }: RowSource,
  name: string,
  place: Place,
): void {
  const { label, holds } = readerEntries[kind];
  const isFolder = holds === 'folder';
  const refused = (named: NamedSetting | NamedRole): UserError => {
    const subject = isFolder
      ? `the folder ${name}, whose notes are whole files`
      : `${label} such as ${name}`;
    return usageError(wordsOf(remark`${named} does not apply to ${subject}: leave it out.`, place));
  };
  const applies: readonly string[] = readerEntries[kind].settings;
  for (const setting of cutSettings) {
    if (reading[setting] === undefined || applies.includes(setting)) continue;
    throw refused(setting === 'header' ? { setting, value: reading.header } : { setting });
  }
  if (!isFolder) return;
  if (reading.format !== undefined) throw refused({ setting: 'format' });
  if (reading.joinLines !== undefined) throw refused({ setting: 'joinLines' });
  const { text = null } = mapping;
  if (text !== null || reading.moreText !== undefined) throw refused({ role: 'text' });
}

/** @param kept with their types, which only reading shows */
export function refuseDateOrder(
  reading: Reading | undefined,
  { date }: FieldMapping,
  kept: readonly TypedField[],
  place: Place,
): void {
  const isUsed = date !== null || kept.some(({ type }) => type === 'date');
  if (reading?.dateOrder === undefined || isUsed) return;
  throw usageError(
    wordsOf(
      remark`No column has the dates to which ${{ setting: 'dateOrder' }} would apply: name one with ${{ role: 'date' }}, or leave it out.`,
      place,
    ),
  );
}
