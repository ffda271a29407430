/** Gives the text of `explain()`, which has no colours of its own, those of `get -v`. */

/** What is coloured, and how (SGR); the first group is left as it is. */
const COLOURS = [
  [/^()(GET \S+)/gm, 1],
  [/^( {2})(what to do:)/gm, 1],
  [/(^ +|-> {2})(401)\b/gm, 31],
  [/(401\S* {2})(refused \([^)]*\))/g, 31],
  [/^( {5})(env +alice)$/gm, 32],
  [/^( {5})(netrc +no .*)$/gm, 2],
  [/^( {5}chose .*)(\(passed over: .*\))$/gm, 2],
];

/** Adds colours, and nothing else. */
export function coloured(screen) {
  const paint = (text, [pattern, colour]) => text.replace(pattern, `$1\u001b[${colour}m$2\u001b[0m`);
  return COLOURS.reduce(paint, screen);
}
