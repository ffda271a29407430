/** An explanation without the milliseconds that a provider took, which a busy machine adds. */
export function withoutTimes(text: string): string {
  return text.replace(/ +\d+ ms$/gm, '');
}
