/** Which schema an index has. */
import { UnsiloError } from '../../core/errors.ts'
import type { Session } from './connection.ts'
import { migrations } from './schema/migrations.ts'

/** 0: there is none. Throws INDEX_NEWER where this program does not know it. */
export async function versionOf(session: Session, schema: string): Promise<number> {
  const name = `"${schema}".schema_version`
  const known = await session.get<{ known: boolean }>('SELECT to_regclass($1) IS NOT NULL AS known', name)
  if (known?.known !== true) return 0
  const version = (await session.get<{ version: number }>('SELECT version FROM @.schema_version'))?.version ?? 0
  if (version <= migrations.length) return version
  throw new UnsiloError(
    'INDEX_NEWER',
    `${session.path} was written by a newer unsilo: its schema is ${version}, this one knows ${migrations.length}.`,
    { hint: 'Update unsilo, or name another schema. Nothing was changed.' },
  )
}
