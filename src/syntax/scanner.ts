/** A cursor over a field value, with the lexical rules that all readers in `syntax/` share (RFC 9110 §5.6). */

// Each character is read a bounded number of times and no regular expression backtracks: time is linear.
// No read goes past the end: after one NaN from `charCodeAt`, every later read is several times slower.

const TCHAR = charClass("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
const TOKEN68 = charClass('-._~+/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');
// Servers also send values unquoted that are not tokens: nonces in base64, realms like mail addresses, domains.
const UNQUOTED = charClass("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz@/=:");

const HTAB = 0x09;
const SP = 0x20;
const DQUOTE = 0x22;
const COMMA = 0x2c;
const EQUALS = 0x3d;
const BACKSLASH = 0x5c;
const DEL = 0x7f;
/** Not a character: the code after the last character. */
const END = -1;

const QDTEXT = Uint8Array.from({ length: 128 }, (_, code) =>
  isText(code) && code !== DQUOTE && code !== BACKSLASH ? 1 : 0,
);

/** Reads one field value from left to right. A reader that finds nothing returns `undefined` and leaves `at` alone. */
export class Scanner {
  at = 0;

  constructor(readonly text: string) {}

  get done(): boolean {
    return this.at >= this.text.length;
  }

  /** Whether an element is over: white space, a comma or the end comes next. */
  get ended(): boolean {
    const code = this.code();
    return code === END || code === COMMA || code === SP || code === HTAB;
  }

  /** token = 1*tchar (RFC 9110 §5.6.2) */
  token(): string | undefined {
    return this.run(TCHAR);
  }

  /** A token, or the characters that servers leave unquoted against the grammar. */
  unquoted(): string | undefined {
    return this.run(UNQUOTED);
  }

  /** token68 = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"=" (RFC 9110 §11.2), up to a comma or the end. */
  token68(): string | undefined {
    const start = this.at;
    if (!this.pass(TOKEN68)) return undefined;
    while (this.equals());
    const end = this.at;
    this.space();
    if (this.done || this.code() === COMMA) return this.text.slice(start, end);
    this.at = start;
    return undefined;
  }

  /**
   * quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE (RFC 9110 §5.6.4), unescaped. `undefined` if it is
   * unterminated, or holds a control character.
   */
  quotedString(): string | undefined {
    if (this.code() !== DQUOTE) return undefined;
    const { text } = this;
    let value = '';
    let from = this.at + 1;
    let end = qdtextEnd(text, from);
    // quoted-pair = "\" ( HTAB / SP / VCHAR / obs-text )
    while (codeAt(text, end) === BACKSLASH && isText(codeAt(text, end + 1))) {
      value += text.slice(from, end);
      from = end + 1;
      end = qdtextEnd(text, from + 1);
    }
    if (codeAt(text, end) !== DQUOTE) return undefined;
    this.at = end + 1;
    return value + text.slice(from, end);
  }

  /** OWS = *( SP / HTAB ); says whether there was any. */
  space(): boolean {
    const start = this.at;
    while (this.code() === SP || this.code() === HTAB) this.at += 1;
    return this.at > start;
  }

  comma(): boolean {
    return this.skip(COMMA);
  }

  equals(): boolean {
    return this.skip(EQUALS);
  }

  /** Empty list elements: *( OWS "," ) OWS (RFC 9110 §5.6.1.2); says whether there was a comma. */
  separators(): boolean {
    let found = false;
    this.space();
    while (this.comma()) {
      found = true;
      this.space();
    }
    return found;
  }

  /** Skips to the next comma outside a quoted-string, where reading can continue after a malformed element. */
  recover(): void {
    while (!this.done && this.code() !== COMMA) {
      if (this.code() === DQUOTE) this.skipQuoted();
      else this.at += 1;
    }
  }

  /** Skips a quoted-string whatever it holds; skips to the end if it is unterminated. */
  private skipQuoted(): void {
    this.at += 1;
    while (!this.done && this.code() !== DQUOTE) this.at += this.code() === BACKSLASH ? 2 : 1;
    this.at += 1;
  }

  private code(): number {
    return codeAt(this.text, this.at);
  }

  private skip(code: number): boolean {
    if (this.code() !== code) return false;
    this.at += 1;
    return true;
  }

  private run(allowed: Uint8Array): string | undefined {
    const start = this.at;
    return this.pass(allowed) ? this.text.slice(start, this.at) : undefined;
  }

  /** Skips the characters of a class; says whether there were any. */
  private pass(allowed: Uint8Array): boolean {
    const { text, at } = this;
    let end = at;
    while (end < text.length && allowed[text.charCodeAt(end)] === 1) end += 1;
    this.at = end;
    return end > at;
  }
}

function codeAt(text: string, at: number): number {
  return at < text.length ? text.charCodeAt(at) : END;
}

/** qdtext = HTAB / SP / %x21 / %x23-5B / %x5D-7E / obs-text */
function qdtextEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && isQdtext(text.charCodeAt(end))) end += 1;
  return end;
}

/** Whether the whole of `value` is a token. */
export function isToken(value: string): boolean {
  return new Scanner(value).token() === value && value !== '';
}

/** HTAB, SP, VCHAR and obs-text: what a quoted-string may hold (RFC 9110 §5.6.4). False for `END`. */
export function isText(code: number): boolean {
  return code === HTAB || (code >= SP && code !== DEL);
}

function isQdtext(code: number): boolean {
  return code > DEL || QDTEXT[code] === 1;
}

/** obs-fold = OWS CRLF RWS: a line break that is read as a blank (RFC 9112 §5.2). */
const OBS_FOLD = /\r\n[ \t]+/g;

/** The field value on one line, with a space for each obs-fold. */
export function unfolded(value: string): string {
  return value.indexOf('\r') === -1 ? value : value.replace(OBS_FOLD, ' ');
}

function charClass(characters: string): Uint8Array {
  const allowed = new Uint8Array(128);
  for (const character of characters) allowed[character.charCodeAt(0)] = 1;
  return allowed;
}
