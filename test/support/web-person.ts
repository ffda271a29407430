/** A person with a browser: follows redirects, keeps cookies, fills in forms. */

/** What the person does on the pages of the issuer. */
export interface Manners {
  /** What is typed into the fields of a form, by their names. */
  readonly types?: Readonly<Record<string, string>>;
  /** Leaves the first page that asks for consent by its link of this text. */
  readonly leavesBy?: string;
}

const MAX_PAGES = 20;

/** Visits an address, and goes on until a page has no form. @returns the last page */
export async function visit(address: string, { types = {}, leavesBy }: Manners = {}): Promise<string> {
  const cookies = new Map<string, string>();
  let request: { url: URL; body?: URLSearchParams } = { url: new URL(address) };
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const response = await send(request, cookies);
    const location = response.headers.get('location');
    const text = await response.text();
    const link = leavesBy === undefined ? undefined : linkIn(text, leavesBy);
    const form = formIn(text, types);
    if (location !== null) request = { url: new URL(location, request.url) };
    else if (link !== undefined) request = { url: new URL(link, request.url) };
    else if (form) request = { url: new URL(form.action, request.url), body: form.fields };
    else return text;
  }
  throw new Error('there is no end of pages');
}

async function send({ url, body }: { url: URL; body?: URLSearchParams }, cookies: Map<string, string>) {
  const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
  const method = body ? 'POST' : 'GET';
  const response = await fetch(url, { method, headers: { cookie }, redirect: 'manual', ...(body && { body }) });
  for (const line of response.headers.getSetCookie()) {
    const [name = '', ...value] = (line.split(';', 1)[0] as string).split('=');
    cookies.set(name, value.join('='));
  }
  return response;
}

function linkIn(page: string, text: string): string | undefined {
  return new RegExp(`<a href="([^"]+)"[^>]*>${text.replace(/[[\]]/g, '\\$&')}<`).exec(page)?.[1];
}

function formIn(page: string, types: Readonly<Record<string, string>>) {
  const [, attributes = '', inside = ''] = /<form([^>]*)>([\s\S]*?)<\/form>/.exec(page) ?? [];
  const action = attribute(attributes, 'action');
  if (action === undefined) return undefined;
  const fields = new URLSearchParams();
  for (const [, input = ''] of inside.matchAll(/<input([^>]*)>/g)) {
    const name = attribute(input, 'name');
    if (name !== undefined) fields.set(name, types[name] ?? attribute(input, 'value') ?? 'alice');
  }
  return { action, fields };
}

function attribute(text: string, name: string): string | undefined {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(text)?.[1];
}
