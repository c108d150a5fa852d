export function packageCli(): Promise<string>;
