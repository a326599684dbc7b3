/** How many chunks there are, kept as they come and go: to count a million took longer than the rest of opening an index. */
export const m013Size = `
CREATE TABLE size (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  chunks INTEGER NOT NULL
) STRICT;
INSERT INTO size VALUES (1, (SELECT count(*) FROM chunk));
CREATE TRIGGER chunk_counted AFTER INSERT ON chunk BEGIN
  UPDATE size SET chunks = chunks + 1;
END;
CREATE TRIGGER chunk_discounted AFTER DELETE ON chunk BEGIN
  UPDATE size SET chunks = chunks - 1;
END;
`
