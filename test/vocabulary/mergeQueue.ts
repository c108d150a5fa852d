/** Candidate merges, most frequent first; ties go to the pair with the smaller ids. */
export interface MergeCandidate {
  readonly left: number;
  readonly right: number;
  count: number;
  /** Indices of the words that contained the pair when the candidate was created. */
  readonly words: Iterable<number>;
}

export interface MergeQueue {
  push(candidate: MergeCandidate): void;
  pop(): MergeCandidate | undefined;
}

/** Implemented as a binary heap. */
export function createMergeQueue(): MergeQueue {
  const heap: MergeCandidate[] = [];

  function siftUp(from: number): void {
    const moving = heap[from] as MergeCandidate;
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as MergeCandidate;
      if (!comesBefore(moving, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = moving;
  }

  function siftDown(moving: MergeCandidate): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      const right = heap[child + 1];
      if (right !== undefined && comesBefore(right, heap[child] as MergeCandidate)) child++;
      const below = heap[child] as MergeCandidate;
      if (!comesBefore(below, moving)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = moving;
  }

  return {
    push(candidate) {
      heap.push(candidate);
      siftUp(heap.length - 1);
    },
    pop() {
      const top = heap[0];
      const last = heap.pop();
      if (last !== undefined && heap.length > 0) siftDown(last);
      return top;
    },
  };
}

function comesBefore(a: MergeCandidate, b: MergeCandidate): boolean {
  if (a.count !== b.count) return a.count > b.count;
  return a.left !== b.left ? a.left < b.left : a.right < b.right;
}
