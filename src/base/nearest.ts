/** Finds the name that a misspelt name may stand for. */

// A longer text is not a misspelt name, and would take long to compare.
const MAX_LENGTH = 64;
const MAX_STEPS = 2;

/** The nearest of `names`; `undefined` if no name is near. A name that begins with the text is one step away. */
export function nearest(misspelt: string, names: readonly string[]): string | undefined {
  const given = misspelt.slice(0, MAX_LENGTH).toLowerCase();
  const limit = Math.min(MAX_STEPS, Math.max(1, Math.floor(given.length / 3)));
  const ranked = names
    .map((name) => ({ name, steps: stepsTo(given, name.toLowerCase()) }))
    .filter(({ steps }) => steps <= limit)
    .sort((a, b) => a.steps - b.steps);
  return ranked[0]?.name;
}

function stepsTo(given: string, name: string): number {
  const isPart = given.length >= 3 && name.startsWith(given);
  return isPart ? 1 : distance(given, name);
}

/** The number of inserted, removed, replaced or exchanged characters (optimal string alignment). */
function distance(from: string, to: string): number {
  let before: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      const isExchanged = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const steps = Math.min(
        (last[column] as number) + 1,
        (current[column - 1] as number) + 1,
        (last[column - 1] as number) + (isSame ? 0 : 1),
      );
      current.push(isExchanged ? Math.min(steps, (before[column - 2] as number) + 1) : steps);
    }
    [before, last] = [last, current];
  }
  return last[to.length] as number;
}
