/** A file of this package for `createRequire`: its URL, or in CommonJS its path. */
// biome-ignore lint/suspicious/noTsIgnore: it is an error where this is compiled for CommonJS, and bundle.js puts __filename there
// @ts-ignore
export const here: string = import.meta.url;
