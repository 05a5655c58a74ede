// Fractional ranks; the same rules as journeys/ranks.py: change both together.

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const MIDDLE = DIGITS[31];

export function rankAfter(left) {
  if (!left) return MIDDLE;
  for (let place = 0; place < left.length; place += 1) {
    const value = DIGITS.indexOf(left[place]);
    if (value < DIGITS.length - 1) return left.slice(0, place) + DIGITS[value + 1];
  }
  return left + MIDDLE;
}

export function rankBetween(left, right) {
  if (right === null || right === undefined) return rankAfter(left);
  const low = left ?? "";
  if (low >= right) throw new RangeError(`${low} does not come before ${right}`);
  let taken = "";
  let openEnd = false;
  for (let place = 0; ; place += 1) {
    const lowest = place < low.length ? DIGITS.indexOf(low[place]) : 0;
    const highest = openEnd ? DIGITS.length : DIGITS.indexOf(right[place]);
    if (highest - lowest > 1) return taken + DIGITS[Math.floor((lowest + highest) / 2)];
    taken += DIGITS[lowest];
    openEnd = openEnd || highest - lowest === 1;
  }
}

// The rank that puts a thing at `place` among `siblings` (in order). Two of the same rank, made at the same time
// by two people, stay beside each other: the new thing goes after both.
export function rankAt(siblings, wanted) {
  const place = Math.min(wanted, siblings.length);
  const left = place > 0 ? siblings[place - 1].rank : null;
  let next = place;
  while (next < siblings.length && left !== null && siblings[next].rank <= left) next += 1;
  return rankBetween(left, siblings[next]?.rank ?? null);
}
