/** Each platform's native files in node_modules: a folder of ONNX Runtime's, and a package. */
export const platforms: Readonly<Record<string, readonly [runtime: string, store: string]>>;
export function vsixPath(target: string): string;
export function packageExtension(options?: {
  readonly target?: string;
  readonly quiet?: boolean;
}): Promise<string>;
