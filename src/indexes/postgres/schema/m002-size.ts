/**
 * How many chunks there are, so that nobody adds up all documents for it, and a number that is another one after each change of a
 * document, which what is kept of answers is bound to; with tokens that are kept, which letters they hold need not be stored. A chunk's tokens
 * are stored unpacked while they fit a page: to unpack them took a fifth of a question.
 */
export const m002Size = `
CREATE TABLE @.size (
  chunks bigint NOT NULL,
  changes bigint NOT NULL
);
INSERT INTO @.size
  SELECT coalesce(sum(chunks), 0), (extract(epoch FROM clock_timestamp()) * 1000)::bigint FROM @.document;
ALTER TABLE @.token DROP COLUMN letters;
ALTER TABLE @.chunk SET (toast_tuple_target = 8160);
`
