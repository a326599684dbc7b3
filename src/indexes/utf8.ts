/** Order by UTF-8 bytes: that of SQLite and of most stores. JavaScript's `<` differs beyond U+FFFF. */
export function byUtf8(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}
