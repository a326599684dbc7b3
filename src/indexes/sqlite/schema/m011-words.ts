/**
 * The words of a chunk as ranking scans them. What is stored already has none until it is analysed anew: no driver analyses
 * text, and a query does it for what has none.
 */
export const m011Words = `
CREATE TABLE chunk_words (
  chunk INTEGER PRIMARY KEY REFERENCES chunk (key) ON DELETE CASCADE,
  origin TEXT,
  words BLOB NOT NULL,
  sum INTEGER NOT NULL
) STRICT;
`
