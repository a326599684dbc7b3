/** Sources, documents, who may read them, chunks and their full-text index, and what runs leave behind. */
export const m001Documents = `
CREATE TABLE source (
  name TEXT PRIMARY KEY,
  cursor TEXT,
  seen TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE document (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  source TEXT NOT NULL REFERENCES source (name),
  head TEXT NOT NULL,
  recipe TEXT NOT NULL,
  language TEXT NOT NULL,
  edges TEXT
) STRICT;
CREATE INDEX document_by_source ON document (source, id);
CREATE INDEX includer ON document (source, id) WHERE edges IS NOT NULL;

CREATE TABLE document_text (
  document INTEGER PRIMARY KEY REFERENCES document (key) ON DELETE CASCADE,
  losses TEXT NOT NULL,
  markdown TEXT NOT NULL,
  template TEXT,
  excerpts TEXT
) STRICT;

CREATE TABLE access (
  document INTEGER NOT NULL REFERENCES document (key) ON DELETE CASCADE,
  principal TEXT NOT NULL,
  PRIMARY KEY (document, principal)
) STRICT, WITHOUT ROWID;

CREATE TABLE chunk (
  key INTEGER PRIMARY KEY,
  document INTEGER NOT NULL REFERENCES document (key) ON DELETE CASCADE,
  ordinal INTEGER NOT NULL,
  UNIQUE (document, ordinal)
) STRICT;

CREATE TABLE chunk_text (
  chunk INTEGER PRIMARY KEY REFERENCES chunk (key) ON DELETE CASCADE,
  id TEXT NOT NULL,
  start INTEGER NOT NULL,
  "end" INTEGER NOT NULL,
  tokens INTEGER NOT NULL,
  headings TEXT NOT NULL,
  text TEXT NOT NULL,
  origin TEXT
) STRICT;

CREATE VIRTUAL TABLE fts USING fts5 (
  title, headings, body,
  content='', contentless_delete=1, detail=full,
  tokenize="ascii tokenchars '_.-='"
);
CREATE VIRTUAL TABLE fts_term USING fts5vocab (fts, row);
CREATE TRIGGER chunk_removed AFTER DELETE ON chunk BEGIN
  DELETE FROM fts WHERE rowid = old.key;
END;

CREATE TABLE failure (
  source TEXT NOT NULL REFERENCES source (name),
  id TEXT NOT NULL,
  code TEXT NOT NULL,
  reason TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (source, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
  id TEXT PRIMARY KEY,
  source TEXT NOT NULL REFERENCES source (name),
  started_at TEXT NOT NULL,
  record TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX run_by_source ON run (source, started_at, id);

CREATE TABLE purge (
  due INTEGER PRIMARY KEY CHECK (due = 1)
) STRICT;
`
