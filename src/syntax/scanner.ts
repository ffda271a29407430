/** A cursor over a field value, with the lexical rules that every reader of this room shares (RFC 9110 §5.6). */

// Each character is looked at a bounded number of times and no regular expression backtracks: time is linear.

const TCHAR = charClass("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
const TOKEN68 = charClass('-._~+/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');
// Not tokens, but what servers send unquoted: nonces in base64, realms like mail addresses, domains.
const UNQUOTED = charClass("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz@/=:");

const HTAB = 0x09;
const SP = 0x20;
const DQUOTE = 0x22;
const COMMA = 0x2c;
const EQUALS = 0x3d;
const BACKSLASH = 0x5c;
const DEL = 0x7f;

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
    return this.done || code === COMMA || code === SP || code === HTAB;
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
    if (this.run(TOKEN68) === undefined) return undefined;
    while (this.code() === EQUALS) this.at += 1;
    const end = this.at;
    this.space();
    if (this.done || this.code() === COMMA) return this.text.slice(start, end);
    this.at = start;
    return undefined;
  }

  /** quoted-string (RFC 9110 §5.6.4), unescaped. An unterminated one, or one with a control character, is `undefined`. */
  quotedString(): string | undefined {
    if (this.code() !== DQUOTE) return undefined;
    const start = this.at;
    let value = '';
    let from = start + 1;
    for (let i = from; i < this.text.length; i += 1) {
      const code = this.text.charCodeAt(i);
      if (code === DQUOTE) {
        this.at = i + 1;
        return value + this.text.slice(from, i);
      }
      if (code === BACKSLASH) {
        value += this.text.slice(from, i);
        i += 1;
        from = i;
      }
      if (!isText(this.text.charCodeAt(i))) return undefined;
    }
    return undefined;
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

  /** To the next comma outside a quoted-string: where reading may go on after something malformed. */
  recover(): void {
    while (!this.done && this.code() !== COMMA) {
      if (this.code() === DQUOTE) this.skipQuoted();
      else this.at += 1;
    }
  }

  /** Past a quoted-string whatever it holds; to the end if it is unterminated. */
  private skipQuoted(): void {
    this.at += 1;
    while (!this.done && this.code() !== DQUOTE) this.at += this.code() === BACKSLASH ? 2 : 1;
    this.at += 1;
  }

  private code(): number {
    return this.text.charCodeAt(this.at);
  }

  private skip(code: number): boolean {
    if (this.code() !== code) return false;
    this.at += 1;
    return true;
  }

  private run(allowed: Uint8Array): string | undefined {
    const start = this.at;
    let end = start;
    while (allowed[this.text.charCodeAt(end)] === 1) end += 1;
    if (end === start) return undefined;
    this.at = end;
    return this.text.slice(start, end);
  }
}

/** Whether the whole of `value` is a token. */
export function isToken(value: string): boolean {
  return new Scanner(value).token() === value && value !== '';
}

/** HTAB, SP, VCHAR and obs-text: what a quoted-string may hold (RFC 9110 §5.6.4). NaN, past the end, is not. */
export function isText(code: number): boolean {
  return code === HTAB || (code >= SP && code !== DEL);
}

function charClass(characters: string): Uint8Array {
  const allowed = new Uint8Array(128);
  for (const character of characters) allowed[character.charCodeAt(0)] = 1;
  return allowed;
}
