/** Tells columns that may say who somebody is, so that they are kept only when a user asks for it. */

import type { FieldType } from '../../protocol/catalogue/reading.js';

/** Words of a column's name that say who or where somebody is, whatever else is in it. */
const telling = new Set(
  (
    'mrn nhs nhsno nhsnumber chi ssn hospno hospitalnumber hospitalno surname forename firstname ' +
    'lastname middlename maidenname fullname patientname dob dateofbirth birthdate birthday address ' +
    'postcode zip zipcode phone telephone mobile fax email mail passport insurance medicare medicaid ' +
    'licence license nino ip'
  ).split(' '),
);
/** Whose name, number or id a column holds. */
const persons = new Set(
  (
    'patient pat subject person client user staff clinician doctor dr consultant provider physician ' +
    'nurse author gp carer kin relative mother father first last middle given family sur full legal'
  ).split(' '),
);
const naming = new Set(['name', 'names', 'initials', 'id', 'ids', 'no', 'number', 'num', 'nr']);
const idWords = new Set(['id', 'ids', 'key', 'uid', 'uuid', 'guid', 'csn', 'pk', 'rowid']);

/** "PAT_MRN_ID", "PatMrnId" and "pat mrn id" all give pat, mrn and id. */
export function nameParts(name: string): string[] {
  return name
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((part) => part !== '');
}

const patients = new Set(
  'mrn nhs patient pat subject person client hospital hosp brcid empi rio chi'.split(' '),
);
/** What may stand beside them in the name of a patient's number. */
const ofNumber = new Set(
  'id ids no num nr number key code pseudo pseudonym pseudonymised study hash hashed durable local'.split(
    ' ',
  ),
);

/** Whether a name speaks of a person: a patient, a clinician, a relative. */
export function isPersonNamed(name: string): boolean {
  return nameParts(name).some((part) => patients.has(part) || persons.has(part));
}

/** Whether a name is that of a patient's number: PAT_MRN_ID, but not patient_class. */
export function isPersonNumber(name: string): boolean {
  const parts = nameParts(name);
  const isAll = parts.every((part) => patients.has(part) || ofNumber.has(part));
  return isAll && parts.some((part) => patients.has(part));
}

/**
 * Why a column should not be kept without being asked for, in a few words; `null` if nothing speaks
 * against it.
 *
 * @param values those of the first notes, without missing ones
 * @param type dates differ for every note, and tell nobody apart
 */
export function identifierReason(
  name: string,
  values: readonly string[],
  type: FieldType = 'text',
): string | null {
  const parts = nameParts(name);
  const joined = parts.join('');
  const has = (words: ReadonlySet<string>): boolean => parts.some((part) => words.has(part));
  if (has(telling) || telling.has(joined) || /^(sur|fore|first|last)name/.test(joined)) {
    return 'its name says who somebody is';
  }
  if (has(persons) && has(naming)) return 'its name says who somebody is';
  if (joined === 'name' || joined === 'names') return 'its name says who somebody is';
  if (has(idWords)) return 'it looks like a number of a record';
  return type === 'date' ? null : valuesReason(values);
}

function valuesReason(values: readonly string[]): string | null {
  if (values.length === 0) return null;
  const share = (test: (value: string) => boolean): number =>
    values.filter((value) => test(value.trim())).length / values.length;
  if (share(isProse) > 0.5 || share((value) => value.length > 200) > 0.1)
    return 'it holds text, which may name people';
  if (share(isNhsNumber) > 0.8) return 'its values are NHS numbers';
  if (share((value) => /^\S+@\S+\.\S+$/.test(value)) > 0.5)
    return 'its values are e-mail addresses';
  if (share((value) => postcode.test(value)) > 0.8) return 'its values are postcodes';
  const counts = values.every((value, i) => i === 0 || Number(value) === Number(values[i - 1]) + 1);
  if (values.length >= 10 && counts) return 'it counts the rows';
  const distinct = new Set(values).size / values.length;
  if (values.length < 10 || distinct < 0.9) return null;
  if (share((value) => personName.test(value)) > 0.6) return 'its values look like names of people';
  if (share((value) => /^(?=.*\d)[A-Z]{0,4}[-/ ]?\d{5,}[A-Z]?$/i.test(value)) > 0.8) {
    return 'its values differ for every note, as numbers of people do';
  }
  const isCode = (value: string): boolean => /^(?=.*\d)(?=.*[a-z])[\w-]{3,40}$/i.test(value);
  return share(isCode) > 0.8 ? 'its values differ for every note, as numbers of people do' : null;
}

function isProse(value: string): boolean {
  return value.length >= 40 && value.split(/\s+/).length >= 6;
}

const postcode = /^[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}$/i;
/** "Jane Doe", "Doe, Jane", "DOE, JANE A.", "Dr J. Doe" */
const personName =
  /^(?:(?:mr|mrs|ms|miss|dr|prof)\.? )?\p{Lu}[\p{L}'’.-]*(?:,? \p{Lu}[\p{L}'’.-]*){1,3}$/iu;

/** Ten digits, the last of which checks the others (modulo 11). */
function isNhsNumber(value: string): boolean {
  const digits = value.replace(/[ -]/g, '');
  if (!/^\d{10}$/.test(digits)) return false;
  let sum = 0;
  for (let i = 0; i < 9; i++) sum += Number(digits[i]) * (10 - i);
  return (11 - (sum % 11)) % 11 === Number(digits[9]);
}
