export interface CodeServer {
  readonly url: string;
  readonly port: number;
  /** Temporary folder that holds home, user data and extensions. */
  readonly folder: string;
  readonly ended: Promise<unknown>;
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

export interface CodeServerOptions {
  /** Installed before the start. */
  readonly vsix?: string | null;
  /** A model folder to take the place of the one in the .vsix. */
  readonly bundledModel?: string | null;
  /** User settings, beside those that keep the editor quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Needed for tests inside the extension host; hides notifications. */
  readonly smokeTestDriver?: boolean;
  readonly password?: string | null;
  readonly environment?: Readonly<Record<string, string>>;
  /** A folder of the caller's that stays. */
  readonly keep?: string | null;
}

export function ensureCodeServer():
  | { readonly node: string; readonly entry: string; readonly missing?: undefined }
  | { readonly missing: string };
export function startCodeServer(options?: CodeServerOptions): Promise<CodeServer>;
export function randomPassword(): string;
