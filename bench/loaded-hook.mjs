/** Reports the URL of every ES module that is loaded, from the loader's thread. */

let port;

export function initialize(data) {
  port = data.port;
}

export async function load(url, context, next) {
  port.postMessage(url);
  return next(url, context);
}
