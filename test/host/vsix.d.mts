/** A model folder that stands in the editors' tests for the bundled one. */
export const smallModel: string;
export function testVsix(): Promise<string>;
export function temporaryWorkspace(): { readonly folder: string; readonly remove: () => void };
