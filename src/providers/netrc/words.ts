/** A cursor over the words of a `.netrc` file, by curl's rules for quotes and escapes. */

const keywords = ['machine', 'default', 'login', 'password', 'account', 'macdef'] as const;
export type NetrcKeyword = (typeof keywords)[number];

export interface NetrcWord {
  readonly keyword: NetrcKeyword;
  readonly line: number;
}

const HTAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SP = 0x20;
const DQUOTE = 0x22;
const HASH = 0x23;
const BACKSLASH = 0x5c;

const escapes = new Map([
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

/** Reads from left to right, each character a bounded number of times. `fail` throws. */
export class NetrcWords {
  #at = 0;
  #line = 1;

  constructor(
    readonly text: string,
    readonly fail: (line: number, what: string) => never,
  ) {}

  /** The next keyword, past comments; `undefined` at the end. */
  keyword(): NetrcWord | undefined {
    this.#skipSpace();
    while (this.#code() === HASH) {
      this.#skipLine();
      this.#skipSpace();
    }
    if (this.#done) return undefined;
    const keyword = keywordOf(this.#run());
    return keyword ? { keyword, line: this.#line } : this.fail(this.#line, noKeyword);
  }

  /** The value that follows a keyword: here a `#` is a character like any other. */
  valueOf({ keyword, line }: NetrcWord): string {
    this.#skipSpace();
    if (this.#code() === DQUOTE) return this.#quoted();
    const value = this.#run();
    // If the value is missing, a keyword on the next line must not be read as the value.
    const forgotten = value === '' || (this.#line !== line && keywordOf(value) !== undefined);
    return forgotten ? this.fail(line, `"${keyword}" without a ${nounOf(keyword)}`) : value;
  }

  /** Skips the name and the commands of a macro, which end with an empty line. */
  skipMacro(word: NetrcWord): void {
    this.valueOf(word);
    this.#skipLine();
    while (!this.#done && !this.#atEmptyLine()) this.#skipLine();
  }

  #quoted(): string {
    const pieces: string[] = [];
    let from = this.#at + 1;
    for (let i = from; i < this.text.length; i += 1) {
      const code = this.text.charCodeAt(i);
      if (code === LF) break;
      if (code === BACKSLASH && this.text.charCodeAt(i + 1) !== LF) {
        pieces.push(this.text.slice(from, i), unescaped(this.text.charAt(i + 1)));
        i += 1;
        from = i + 1;
      } else if (code === DQUOTE) {
        this.#at = i + 1;
        if (!this.#done && !isSpace(this.#code())) return this.fail(this.#line, 'text after a closing double quote');
        return pieces.join('') + this.text.slice(from, i);
      }
    }
    return this.fail(this.#line, 'a double quote that is not closed');
  }

  #run(): string {
    const start = this.#at;
    while (!this.#done && !isSpace(this.#code())) this.#at += 1;
    return this.text.slice(start, this.#at);
  }

  #skipSpace(): void {
    for (; isSpace(this.#code()); this.#at += 1) if (this.#code() === LF) this.#line += 1;
  }

  /** Skips past the next line feed. */
  #skipLine(): void {
    while (!this.#done && this.#code() !== LF) this.#at += 1;
    if (this.#done) return;
    this.#at += 1;
    this.#line += 1;
  }

  #atEmptyLine(): boolean {
    const code = this.#code();
    return code === LF || (code === CR && this.text.charCodeAt(this.#at + 1) === LF);
  }

  get #done(): boolean {
    return this.#at >= this.text.length;
  }

  #code(): number {
    return this.text.charCodeAt(this.#at);
  }
}

const noKeyword = 'a word that is not a keyword (a value with spaces goes in double quotes)';

function keywordOf(word: string): NetrcKeyword | undefined {
  const lower = word.length > 8 ? '' : word.toLowerCase();
  return keywords.find((keyword) => keyword === lower);
}

function nounOf(keyword: NetrcKeyword): string {
  return keyword === 'machine' || keyword === 'macdef' ? 'name' : 'value';
}

function unescaped(character: string): string {
  return escapes.get(character) ?? character;
}

function isSpace(code: number): boolean {
  return code === SP || code === HTAB || code === CR || code === LF;
}
