/**
 * From a tree of single linkage to clusters: splits off fewer notes than a cluster needs are notes that fall out of
 * their cluster; of the clusters that remain, those are kept that persist longest ("excess of mass"). McInnes and
 * Healy, "Accelerated hierarchical density based clustering", 2017; as scikit-learn's HDBSCAN.
 */

export interface Merge {
  /** Notes are numbered from 0, merges after them. */
  readonly left: number;
  readonly right: number;
  readonly distance: number;
  readonly size: number;
}

/** Greatest density: of notes that do not differ. */
const greatest = 1e8;

interface Cluster {
  /** Density at which it splits off its parent. */
  readonly birth: number;
  readonly children: number[];
  /** Notes that fall out of it before it splits or ends, and at which density. */
  readonly fallen: { readonly note: number; readonly density: number }[];
  stability: number;
}

/**
 * @param merges in order of distance
 * @returns the cluster of each note, -1 for noise
 */
export function selectClusters(
  merges: readonly Merge[],
  count: number,
  minClusterSize: number,
): Int32Array {
  const clusters = condense(merges, count, minClusterSize);
  const chosen = mostStable(clusters);
  const labels = new Int32Array(count).fill(-1);
  const label = (cluster: number, as: number): void => {
    const waiting = [cluster];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const { fallen, children } = clusters[at]!;
      for (const { note } of fallen) labels[note] = as;
      waiting.push(...children);
    }
  };
  chosen.forEach((cluster, as) => label(cluster, as));
  return labels;
}

function condense(merges: readonly Merge[], count: number, minClusterSize: number): Cluster[] {
  const clusters: Cluster[] = [newCluster(0)];
  const sizeOf = (node: number): number => (node < count ? 1 : merges[node - count]!.size);
  const waiting: [node: number, cluster: number][] = [[count + merges.length - 1, 0]];
  const drop = (node: number, cluster: Cluster, density: number): void => {
    const below = [node];
    for (let at = below.pop(); at !== undefined; at = below.pop()) {
      if (at < count) cluster.fallen.push({ note: at, density });
      else below.push(merges[at - count]!.left, merges[at - count]!.right);
    }
  };
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [node, number] = next;
    const cluster = clusters[number]!;
    const { left, right, distance } = merges[node - count]!;
    const density = distance > 0 ? Math.min(greatest, 1 / distance) : greatest;
    const large = [left, right].filter((child) => sizeOf(child) >= minClusterSize);
    if (large.length === 2) {
      for (const child of large) {
        clusters.push(newCluster(density));
        cluster.children.push(clusters.length - 1);
        cluster.stability += (density - cluster.birth) * sizeOf(child);
        follow(child, clusters.length - 1, density);
      }
      continue;
    }
    for (const child of [left, right]) {
      if (sizeOf(child) >= minClusterSize) follow(child, number, density);
      else {
        drop(child, cluster, density);
        cluster.stability += (density - cluster.birth) * sizeOf(child);
      }
    }
  }
  return clusters;

  /** A single note is never split further; a cluster may be one where clusters of one note are allowed. */
  function follow(child: number, into: number, density: number): void {
    if (child >= count) waiting.push([child, into]);
    else clusters[into]!.fallen.push({ note: child, density });
  }
}

function newCluster(birth: number): Cluster {
  return { birth, children: [], fallen: [], stability: 0 };
}

/** Children come after their parents: from the last on, a cluster is kept if it is stabler than what is in it. */
function mostStable(clusters: readonly Cluster[]): number[] {
  const best = clusters.map(({ stability }) => stability);
  const isKept = clusters.map(() => true);
  for (let at = clusters.length - 1; at > 0; at--) {
    const { children } = clusters[at]!;
    const below = children.reduce((sum, child) => sum + best[child]!, 0);
    if (children.length > 0 && below > best[at]!) {
      isKept[at] = false;
      best[at] = below;
    }
  }
  const chosen: number[] = [];
  // The whole is no cluster.
  const waiting = [...clusters[0]!.children];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (isKept[at] === true) chosen.push(at);
    else waiting.push(...clusters[at]!.children);
  }
  return chosen.sort((a, b) => a - b);
}
