export function vsixPath(target: string): string;
export function packageExtension(options?: {
  readonly target?: string;
  readonly quiet?: boolean;
}): Promise<string>;
