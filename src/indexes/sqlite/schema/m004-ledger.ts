/** What was skipped, and of which version a failure is, how often it was tried and whether it is to be left alone. */
export const m004Ledger = `
ALTER TABLE failure ADD COLUMN version TEXT;
ALTER TABLE failure ADD COLUMN ignored INTEGER NOT NULL DEFAULT 0;
ALTER TABLE failure ADD COLUMN attempts INTEGER;

CREATE TABLE skip (
  source TEXT NOT NULL REFERENCES source (name),
  id TEXT NOT NULL,
  reason TEXT NOT NULL,
  at TEXT NOT NULL,
  PRIMARY KEY (source, id)
) STRICT, WITHOUT ROWID;
`
