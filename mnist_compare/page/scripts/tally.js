// How well drawings are read, as statistics.py's share_by and evidence.py have it.

// The share of right answers and its 95 % interval over groups, say writers.
export function shareBy(right, groups) {
  const sums = new Map();
  right.forEach((each, i) => {
    const sum = sums.get(groups[i]) ?? { right: 0, size: 0 };
    sums.set(groups[i], { right: sum.right + Number(each), size: sum.size + 1 });
  });
  const correct = right.filter(Boolean).length;
  const share = correct / right.length;
  let parts = [...sums.values()];
  if (parts.length === 1) parts = right.map((each) => ({ right: Number(each), size: 1 }));
  const told = { n: right.length, correct, rate: share, low: 0, high: 1 };
  if (parts.length < 2) return told;
  const spread = parts.reduce((sum, { right, size }) => sum + (right - share * size) ** 2, 0);
  const alone = right.length * share * (1 - share);
  const n = right.length / (alone ? Math.max(spread / alone, 1) : 1);
  const z2 = quantileOfT(parts.length - 1) ** 2;
  const middle = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = Math.sqrt(z2 * ((share * (1 - share)) / n + z2 / (4 * n * n))) / (1 + z2 / n);
  return { ...told, low: Math.max(middle - half, 0), high: Math.min(middle + half, 1) };
}

// The 97.5 % quantile of Student's t: as an angle, its density is a power of the cosine.
function quantileOfT(degrees) {
  const STEPS = 20_000;
  const width = Math.PI / 2 / STEPS;
  const density = (i) => Math.cos(i * width) ** (degrees - 1);
  const slices = Array.from({ length: STEPS }, (_, i) => (density(i) + 4 * density(i + 0.5) + density(i + 1)) / 6);
  const wanted = 0.95 * slices.reduce((sum, each) => sum + each);
  let [sum, i] = [0, 0];
  while (sum + slices[i] < wanted) sum += slices[i++];
  return Math.sqrt(degrees) * Math.tan((i + (wanted - sum) / slices[i]) * width);
}

// Of drawings { writer, digit, read: { network: { way: digit } } }: rates[network][way], then, by `way`,
// how many of each digit a network misreads, how many of each writer's it reads, and what it misread.
export function tally(drawings, networks, ways, way) {
  const writers = drawings.map(({ writer }) => writer);
  const rightly = (network, way) => drawings.map(({ digit, read }) => read[network][way] === digit);
  const counted = (key, network) => drawings.reduce((counts, { [key]: name, digit, read }) => {
    const [n, right] = counts.get(name) ?? [0, 0];
    return counts.set(name, [n + 1, right + Number(read[network][way] === digit)]);
  }, new Map());
  const ratesOf = (network) => Object.fromEntries(ways.map((way) => [way, shareBy(rightly(network, way), writers)]));
  const byNetwork = (make) => Object.fromEntries(networks.map((network) => [network, make(network)]));
  return {
    rates: byNetwork(ratesOf),
    digits: byNetwork((network) => counted("digit", network)),
    writers: byNetwork((network) => counted("writer", network)),
    misread: drawings.filter(({ digit, read }) => networks.some((network) => read[network][way] !== digit)),
  };
}
