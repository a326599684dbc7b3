/** Checksums of vectors, and codes of those whose keys are near each other, which a change of one of them drops. */

import { embedderSum, type VectorColumns, vectorSum } from '../../sums.ts'
import type { Connection } from '../connection.ts'

const TABLES = `
ALTER TABLE embedder ADD COLUMN sum TEXT NOT NULL DEFAULT '';
ALTER TABLE vector ADD COLUMN sum TEXT NOT NULL DEFAULT '';

CREATE TABLE segment (
  number INTEGER PRIMARY KEY,
  vectors INTEGER NOT NULL,
  changes INTEGER NOT NULL
) STRICT;

CREATE TABLE mean (
  embedder INTEGER PRIMARY KEY REFERENCES embedder (key),
  vectors INTEGER NOT NULL,
  numbers BLOB NOT NULL,
  sum TEXT NOT NULL
) STRICT;

CREATE TABLE code (
  segment INTEGER NOT NULL,
  embedder INTEGER NOT NULL REFERENCES embedder (key),
  sum TEXT NOT NULL,
  codes BLOB NOT NULL,
  PRIMARY KEY (segment, embedder)
) STRICT;
`

/** Row -1 of \`segment\` is all of them together. Behind the sums: what gets one is not changed. */
const TRIGGERS = `
INSERT INTO segment SELECT chunk / 1024, count(*), 0 FROM vector GROUP BY 1;
INSERT INTO segment SELECT -1, count(*), 0 FROM vector;

CREATE TRIGGER vector_added AFTER INSERT ON vector BEGIN
  INSERT INTO segment VALUES (new.chunk / 1024, 0, 0) ON CONFLICT DO NOTHING;
  UPDATE segment SET vectors = vectors + 1, changes = changes + 1 WHERE number IN (-1, new.chunk / 1024);
  DELETE FROM code WHERE segment = new.chunk / 1024;
END;
CREATE TRIGGER vector_changed AFTER UPDATE ON vector BEGIN
  UPDATE segment SET changes = changes + 1 WHERE number IN (-1, new.chunk / 1024);
  DELETE FROM code WHERE segment = new.chunk / 1024;
END;
CREATE TRIGGER vector_removed AFTER DELETE ON vector BEGIN
  UPDATE segment SET vectors = vectors - 1, changes = changes + 1 WHERE number IN (-1, old.chunk / 1024);
  DELETE FROM code WHERE segment = old.chunk / 1024;
END;
`

const VECTORS = `SELECT v.chunk, e.identity, v.hash, v.numbers FROM vector v JOIN embedder e ON e.key = v.embedder
  WHERE v.chunk > ? ORDER BY v.chunk LIMIT 500`

export function m012Codes(db: Connection): void {
  db.execute(TABLES)
  for (const { key, identity } of db.all<{ key: number; identity: string }>('SELECT key, identity FROM embedder')) {
    db.run('UPDATE embedder SET sum = ? WHERE key = ?', embedderSum(key, identity), key)
  }
  const read = (after: number) => db.all<VectorColumns>(VECTORS, after)
  for (let rows = read(-1); rows.length > 0; rows = read(rows.at(-1)?.chunk ?? Number.MAX_SAFE_INTEGER)) {
    for (const row of rows) db.run('UPDATE vector SET sum = ? WHERE chunk = ?', vectorSum(row), row.chunk)
  }
  db.execute(TRIGGERS)
}
