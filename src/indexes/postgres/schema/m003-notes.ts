/**
 * What publishing remembers. It holds texts of documents as they were published, also of those that are gone, so whoever only reads the
 * index has no right to it: what rights tables of this schema are given when they are made is taken back.
 */
export const m003Notes = `
CREATE TABLE @.note (
  key text COLLATE "C" PRIMARY KEY,
  value text NOT NULL
);
DO $$
DECLARE
  other text;
BEGIN
  FOR other IN
    SELECT DISTINCT CASE given.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(role.rolname) END
    FROM pg_class made CROSS JOIN aclexplode(made.relacl) given LEFT JOIN pg_roles role ON role.oid = given.grantee
    WHERE made.oid = '@.note'::regclass AND given.grantee <> made.relowner
  LOOP
    EXECUTE 'REVOKE ALL ON @.note FROM ' || other;
  END LOOP;
END $$;
`
