/**
 * The words of the full-text index, by themselves: to list them, FTS5 reads all that it holds of each
 * (https://www.sqlite.org/fts5.html#the_fts5vocab_virtual_table_module).
 */
import type { Connection } from '../connection.ts'
import { listAllTokens, putTokens } from '../vocabulary.ts'

const TABLE = `
CREATE TABLE token (
  length INTEGER NOT NULL,
  letters INTEGER NOT NULL,
  text TEXT NOT NULL,
  PRIMARY KEY (length, letters, text)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX token_by_text ON token (text);
`

export function m009Tokens(db: Connection): void {
  db.execute(TABLE)
  for (const tokens of listAllTokens(db)) putTokens(db, tokens)
}
