/** Text from outside, made safe for a terminal and a log. */

/**
 * Control characters other than line feed and tab, and those that reverse or hide what follows, as
 * `\u001b`. In a JSON document the result means the same.
 */
export function printable(text: string): string {
  return text.replace(unsafe, escaped);
}

/** The same on one line. */
export function printableLine(text: string): string {
  return printable(text).replace(/[\n\t]/g, escaped);
}

const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
