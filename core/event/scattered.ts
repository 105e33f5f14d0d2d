/**
 * Every number below `count` once, each far from the one before: what comes out of a packed table is sorted, and a table
 * that is filled in that order pushes every entry past all others.
 */
export function* scattered(count: number): Generator<number> {
  let step = Math.max(1, Math.floor(count * 0.618));
  while (greatestShared(step, count) > 1) step++;
  for (let place = 0, done = 0; done < count; done++, place = (place + step) % count) yield place;
}

const greatestShared = (a: number, b: number): number => (b === 0 ? a : greatestShared(b, a % b));
