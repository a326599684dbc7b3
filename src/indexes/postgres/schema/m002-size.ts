/**
 * How many chunks there are, so that nobody adds up all documents for it, and how often something of a document changed, which
 * what is kept of answers is bound to. A chunk's tokens are stored as they are while it fits a page: unpacking took a fifth of a question.
 */
export const m002Size = `
CREATE TABLE @.size (
  chunks bigint NOT NULL,
  changes bigint NOT NULL
);
INSERT INTO @.size SELECT coalesce(sum(chunks), 0), 0 FROM @.document;
ALTER TABLE @.chunk SET (toast_tuple_target = 8160);
`
