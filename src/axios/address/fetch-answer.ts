/** Which response answered a fetch Request, and at which hop of its redirects. */

const answers = new WeakMap<object, FetchAnswer>();

/** The response to a fetch Request, and the hop that it answers; `undefined` if fetch did not tell. */
interface FetchAnswer {
  readonly response: Response;
  readonly hop: AnsweredHop | undefined;
}

/** The URL and method of a fetch Request at the hop that was answered. */
export type AnsweredHop = Pick<Request, 'url' | 'method'>;

/** The URL and method that answered a fetch Request; `undefined` if fetch did not tell, or was not called here. */
export function answeredAs(request: object): AnsweredHop | undefined {
  return answers.get(request)?.hop;
}

/** The response to a fetch Request, for the case that axios could not read it. */
export function answeredBy(request: object): Response | undefined {
  return answers.get(request)?.response;
}

/** Notes the response to a request, which answers the request of the last hop. */
export function noteAnswer(request: Request, response: Response, { url, method }: Request): Response {
  answers.set(request, { response, hop: isAnswerTo(response, url) ? { url, method } : undefined });
  return response;
}

/** Whether a response came from a URL: a fetch function of the caller's may follow redirects by itself. */
function isAnswerTo({ url, redirected }: Response, requested: string): boolean {
  return !redirected && url === requested.replace(/#.*/s, '');
}
