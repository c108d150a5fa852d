export interface HostResults {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly { readonly title: string; readonly message: string }[];
}

export function bundleTests(testFolder?: string): Promise<{ bundle: string; files: number }>;
export function runInHost(options: {
  readonly vsix: string | null;
  readonly workspace: string;
  readonly testFolder?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly onLine?: (line: string) => void;
  readonly timeoutMs?: number;
}): Promise<HostResults>;
