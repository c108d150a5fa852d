import { peerContender, startPeer } from '../shared/peerProcess.js';

/** The rows of bench/peers/train_rows.py, by the names that it has for them. */
export const peerRows = {
  shipped: 'PyTorch as Hugging Face ships it',
  masked: 'logits at masked positions, fused AdamW',
  compiled: 'the same, torch.compile',
  bf16: 'the same, bf16 autocast',
} as const;

export type PeerRowName = keyof typeof peerRows;

/** Peak memory of a process that does a few steps of one row alone, in bytes. */
export async function rowPeaks(
  python: string,
  args: readonly string[],
  names: readonly PeerRowName[],
): Promise<number[]> {
  const peaks: number[] = [];
  for (const name of names) {
    const peer = startPeer(python, 'train_rows.py', args);
    try {
      peaks.push((await peerContender(name, peer, name).advance(3)).peakBytes);
    } finally {
      await peer.end();
    }
  }
  return peaks;
}
