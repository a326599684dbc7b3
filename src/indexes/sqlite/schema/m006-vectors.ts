/** Vectors of chunks, each with the hash of the passage that it was made of. */
export const m006Vectors = `
CREATE TABLE embedder (
  key INTEGER PRIMARY KEY,
  identity TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE vector (
  chunk INTEGER PRIMARY KEY REFERENCES chunk (key) ON DELETE CASCADE,
  embedder INTEGER NOT NULL REFERENCES embedder (key),
  hash TEXT NOT NULL,
  numbers BLOB NOT NULL
) STRICT;
`
