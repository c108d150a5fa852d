/** Forms in which the name of a category may stand in a note. */

/** Words that name nothing by themselves. */
const functionWords = new Set(
  (
    'a an and are as at be by for from has have he her him his i if in into is it its me my no nor not of off on or our ' +
    'out over per she so some than that the their them then there these they this to under until up us was we were what ' +
    'when where which who with within without you your other others unknown none stated specified unspecified elsewhere ' +
    'classified certain etc general misc miscellaneous'
  ).split(' '),
);

/** The whole name, and each of its words that means something; in lower case. */
export function namesIn(category: string): string[] {
  const words = wordsOf(category).map((word) => word.toLowerCase());
  const meaning = words.filter((word) => isTelling(word));
  const whole = words.length > 1 && meaning.length > 0 ? [words.join(' ')] : [];
  return [...new Set([...whole, ...meaning])];
}

/** A name with its last word in the singular and in the plural (English). */
export function formsOf(name: string): string[] {
  const at = name.lastIndexOf(' ') + 1;
  const [start, last] = [name.slice(0, at), name.slice(at)];
  return [...new Set([last, ...singulars(last), ...plurals(last)])]
    .filter((form) => form.length > 1)
    .map((form) => start + form);
}

/**
 * First letters of a name of several words, with and without its function words: "ros" of "review of systems", "hpi" of
 * "history of present illness".
 */
export function abbreviationsOf(category: string): string[] {
  const words = wordsOf(category).map((word) => word.toLowerCase());
  const initials = (of: readonly string[]): string => of.map((word) => word.charAt(0)).join('');
  const found = [initials(words), initials(words.filter((word) => !functionWords.has(word)))];
  return [...new Set(found)].filter(
    (letters) => letters.length > 1 && letters.length < 7 && !functionWords.has(letters),
  );
}

/** Also cuts "DischargeSummary" and "discharge_summary". */
function wordsOf(category: string): string[] {
  return (
    category
      .replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 ')
      .match(/[\p{L}\p{M}\p{N}]+(?:['’&][\p{L}\p{M}\p{N}]+)*/gu) ?? []
  );
}

/** Single letters and digits ("1" of a triage category) stand for too much else. */
function isTelling(word: string): boolean {
  return word.length > 1 && !functionWords.has(word);
}

function singulars(word: string): string[] {
  if (word.length < 4 || !/\p{L}s$/u.test(word) || /(ss|us|is)$/.test(word)) return [];
  if (word.endsWith('ies')) return [`${word.slice(0, -3)}y`];
  if (/(sses|shes|ches|xes)$/.test(word)) return [word.slice(0, -2)];
  return [word.slice(0, -1)];
}

function plurals(word: string): string[] {
  if (word.length < 3 || !/\p{L}$/u.test(word)) return [];
  if (/(ss|sh|ch|x)$/.test(word)) return [`${word}es`];
  // "diagnosis", "diagnoses"
  if (word.endsWith('sis')) return [`${word.slice(0, -2)}es`];
  if (word.endsWith('s')) return [];
  if (/[^aeiou]y$/.test(word)) return [`${word.slice(0, -1)}ies`];
  return [`${word}s`];
}
