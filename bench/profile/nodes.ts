/** Reads the profile that ONNX Runtime writes when a session is released. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface ProfiledNode {
  readonly name: string;
  readonly op: string;
  /** Shapes of the inputs, as text. */
  readonly shapes: string;
  /** Of the fastest run. */
  readonly milliseconds: number;
}

interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  readonly dur: number;
  readonly args: { readonly op_name?: string; readonly input_type_shape?: object[] };
}

/** @param folder holds the one profile */
export async function fastestNodes(folder: string): Promise<ProfiledNode[]> {
  const [file] = await readdir(folder);
  if (file === undefined) throw new Error('ONNX Runtime wrote no profile.');
  const events = JSON.parse(await readFile(join(folder, file), 'utf8')) as ProfileEvent[];
  const fastest = new Map<string, ProfiledNode>();
  for (const { cat, name, dur, args } of events) {
    if (cat !== 'Node' || !name.endsWith('_kernel_time')) continue;
    const milliseconds = dur / 1000;
    const known = fastest.get(name);
    if (known !== undefined && known.milliseconds <= milliseconds) continue;
    const shapes = (args.input_type_shape ?? [])
      .map((type) => `[${Object.values(type).flat().join()}]`)
      .join(' ');
    fastest.set(name, { name, op: args.op_name ?? '?', shapes, milliseconds });
  }
  return [...fastest.values()];
}
