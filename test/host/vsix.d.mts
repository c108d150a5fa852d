export function testVsix(): Promise<string>;
export function temporaryWorkspace(): { readonly folder: string; readonly remove: () => void };
