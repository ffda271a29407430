/** Where this package is, as `createRequire` takes it: the URL of a file in it, or in CommonJS the path of one. */
// biome-ignore lint/suspicious/noTsIgnore: it is an error where this is compiled for CommonJS, and bundle.js puts __filename there
// @ts-ignore
export const here: string = import.meta.url;
