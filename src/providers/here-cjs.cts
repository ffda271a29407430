/** Where this package is, in CommonJS: the URL of a file in it. */
import { pathToFileURL } from 'node:url';

export const here: string = pathToFileURL(__filename).href;
