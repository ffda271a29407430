/** Where this package is: the URL of a file in it. */
// biome-ignore lint/suspicious/noTsIgnore: it is an error where this is compiled for CommonJS, and here-cjs.cts stands in for it
// @ts-ignore
export const here: string = import.meta.url;
