/**
 * Sources, documents, chunks with their tokens, what runs leave behind, and who may write. Texts are compared by bytes.
 * What documents are chosen by stands beside the head it is made of.
 */
export const m001Index = `
CREATE TABLE @.source (
  name text COLLATE "C" PRIMARY KEY,
  cursor text,
  seen text,
  policy text,
  sum text NOT NULL
);

CREATE TABLE @.document (
  key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text COLLATE "C" NOT NULL UNIQUE,
  source text COLLATE "C" NOT NULL REFERENCES @.source (name),
  head text COLLATE "C" NOT NULL,
  recipe text NOT NULL,
  listed text,
  language text COLLATE "C" NOT NULL,
  edges text,
  chunks integer NOT NULL,
  sum text NOT NULL,
  principals text[] COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  locale text COLLATE "C" NOT NULL,
  updated double precision,
  labels text[] COLLATE "C" NOT NULL,
  place text COLLATE "C" NOT NULL,
  title text COLLATE "C" NOT NULL,
  article text COLLATE "C"
);
CREATE INDEX document_by_source ON @.document (source, id);
CREATE INDEX document_by_language ON @.document (language);
CREATE INDEX document_by_place ON @.document (left(place, 200), left(title, 200));
CREATE INDEX document_by_article ON @.document (left(article, 200)) WHERE article IS NOT NULL;
CREATE INDEX includer ON @.document (source, id) WHERE edges IS NOT NULL;

CREATE TABLE @.document_text (
  document bigint PRIMARY KEY REFERENCES @.document (key) ON DELETE CASCADE,
  losses text NOT NULL,
  markdown text NOT NULL,
  template text,
  excerpts text,
  sum text NOT NULL
);

CREATE TABLE @.chunk (
  key bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  document bigint NOT NULL REFERENCES @.document (key) ON DELETE CASCADE,
  ordinal integer NOT NULL,
  origin text COLLATE "C",
  terms tsvector NOT NULL,
  UNIQUE (document, ordinal)
);
ALTER TABLE @.chunk ALTER COLUMN terms SET STORAGE MAIN;
CREATE INDEX chunk_by_terms ON @.chunk USING gin (terms);

CREATE TABLE @.chunk_text (
  chunk bigint PRIMARY KEY REFERENCES @.chunk (key) ON DELETE CASCADE,
  id text NOT NULL,
  start integer NOT NULL,
  "end" integer NOT NULL,
  tokens integer NOT NULL,
  headings text NOT NULL,
  text text NOT NULL,
  origin text,
  sum text NOT NULL
);

CREATE TABLE @.chunk_words (
  chunk bigint PRIMARY KEY REFERENCES @.chunk (key) ON DELETE CASCADE,
  words bytea NOT NULL,
  sum bigint NOT NULL
);

CREATE TABLE @.token (
  text text COLLATE "C" PRIMARY KEY,
  chunks integer NOT NULL,
  length integer,
  letters bigint
) WITH (fillfactor = 70);
CREATE INDEX token_by_length ON @.token (length) WHERE length IS NOT NULL;

CREATE TABLE @.embedder (
  key integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  identity text COLLATE "C" NOT NULL UNIQUE,
  dimensions integer NOT NULL
);

CREATE TABLE @.failure (
  source text COLLATE "C" NOT NULL REFERENCES @.source (name),
  id text COLLATE "C" NOT NULL,
  code text NOT NULL,
  reason text NOT NULL,
  at text NOT NULL,
  version text,
  ignored integer NOT NULL,
  attempts integer,
  PRIMARY KEY (source, id)
);

CREATE TABLE @.skip (
  source text COLLATE "C" NOT NULL REFERENCES @.source (name),
  id text COLLATE "C" NOT NULL,
  reason text NOT NULL,
  at text NOT NULL,
  PRIMARY KEY (source, id)
);

CREATE TABLE @.run (
  id text COLLATE "C" PRIMARY KEY,
  source text COLLATE "C" NOT NULL REFERENCES @.source (name),
  started_at text COLLATE "C" NOT NULL,
  is_good boolean NOT NULL,
  is_complete boolean NOT NULL,
  record text NOT NULL
);
CREATE INDEX run_by_source ON @.run (source, started_at, id);

CREATE SEQUENCE @.lease_token;
CREATE TABLE @.lease (
  scope text COLLATE "C" PRIMARY KEY,
  token bigint NOT NULL,
  holder text NOT NULL,
  expires timestamptz NOT NULL
);
`
