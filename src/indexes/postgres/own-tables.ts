/** Whether the tables of an index may be filled, or be dropped for others, with nothing told to somebody else, and nothing lost. */
import { UnsiloError } from '../../core/errors.ts'
import type { Session } from './connection.ts'

/** What is seen of the tables in the catalog; the first that is so is said. */
const REASONS = `CASE
  WHEN c.relkind <> 'r' THEN 'is no table'
  WHEN NOT pg_has_role(c.relowner, 'USAGE') OR ($3 AND pg_get_userbyid(c.relowner) <> current_user) THEN 'belongs to another user'
  WHEN c.relrowsecurity OR EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid) THEN 'says itself who may read which rows'
  WHEN EXISTS (SELECT FROM pg_rewrite r WHERE r.ev_class = c.oid)
    OR EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal) THEN 'has a trigger or a rule of yours' END`

export interface Claim {
  readonly schema: string
  /** Those that are there are looked at. */
  readonly tables: readonly string[]
  /** Of nobody else, also not of a role that this user is in: who owns a table reads what is put into it. */
  readonly isAlone: boolean
}

/** Throws USAGE. Who owns a schema may put other tables into the place of those in it. */
export async function checkOwn(session: Session, { schema, tables, isAlone }: Claim): Promise<void> {
  const sql = `SELECT $1::text AS name, 'belongs to another user' AS why FROM pg_namespace n JOIN pg_roles r ON r.oid = n.nspowner
      WHERE n.nspname = $1 AND NOT r.rolsuper AND NOT pg_has_role(r.oid, 'USAGE')
    UNION ALL SELECT f.name, f.why FROM (
      SELECT format('%s.%s', n.nspname, c.relname) AS name, ${REASONS} AS why FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = ANY ($2)) f WHERE f.why IS NOT NULL
    ORDER BY name LIMIT 1`
  const found = await session.get<{ name: string; why: string }>(sql, schema, tables, isAlone)
  if (found === undefined) return
  throw new UnsiloError('USAGE', `The index ${session.path} can't be copied over: ${found.name} ${found.why}.`, {
    hint: 'Nothing was changed. Copy into another schema, or see README.md of this driver for what a copy needs.',
  })
}
