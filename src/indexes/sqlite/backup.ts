/**
 * The copy that is kept while the schema changes, beside the file and for its owner only.
 *
 * It holds texts that may be removed later, so it does not stay: the first writer that removes or replaces a text in the
 * file that came out of the migration takes the copy away as it closes (`removeBackups`). By then that file has been
 * opened and written in good order.
 */
import { closeSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { UnsiloError } from '../../core/errors.ts'
import { damaged } from '../damage.ts'
import type { Connection } from './connection.ts'
import { translating } from './errors.ts'

/** Copies, checks the copy, and only then gives it its name. Throws DISK where there is no room; the file stays as it is. */
export function backUp(db: Connection, version: number, openCopy: (path: string) => Connection): string {
  const backup = backupOf(db.path, version)
  const part = `${backup}.part`
  try {
    translating(part, () => {
      rmSync(part, { force: true })
      closeSync(openSync(part, 'wx', 0o600))
    })
    db.run('VACUUM INTO ?', part)
    checkCopy(db, openCopy(part))
    translating(part, () => renameSync(part, backup))
  } catch (thrown) {
    rmSync(part, { force: true })
    throw withoutMigration(thrown)
  }
  removeBackups(db.path, [basename(backup)])
  return backup
}

export function backupOf(path: string, version: number): string {
  return `${path}.backup-v${version}`
}

/** Also those that a killed process left unfinished, and what a killed repair left of its new file. */
export function removeBackups(path: string, except: readonly string[] = []): void {
  const folder = dirname(path)
  translating(path, () => {
    const names = readdirSync(folder).filter((name) => isBackup(name, basename(path)) && !except.includes(name))
    for (const name of names) rmSync(join(folder, name), { force: true })
  })
}

function isBackup(name: string, file: string): boolean {
  return (
    name.startsWith(`${file}.`) &&
    /^(backup-v\d+(\.part)?|repair(-wal|-shm|-journal)?)$/.test(name.slice(file.length + 1))
  )
}

/** Whether it is sound, and holds as many documents. */
function checkCopy(db: Connection, copy: Connection): void {
  try {
    const [verdict] = copy.all<{ integrity_check: string }>('PRAGMA integrity_check(1)')
    if (verdict?.integrity_check !== 'ok') throw damaged(db.path, `is damaged: ${verdict?.integrity_check}.`)
    if (documents(copy) !== documents(db)) throw damaged(db.path, 'is damaged: a copy of it holds fewer documents.')
  } finally {
    copy.close()
  }
}

function documents(db: Connection): number | undefined {
  return db.get<{ documents: number }>('SELECT count(*) AS documents FROM document')?.documents
}

function withoutMigration(thrown: unknown): unknown {
  if (!(thrown instanceof UnsiloError) || thrown.code !== 'DISK') return thrown
  const message = `${thrown.message} The index was to be copied before its schema is brought up to date.`
  return new UnsiloError('DISK', message, {
    hint: 'Free as much space as the index takes twice, then run it again. The index is as it was.',
    cause: thrown,
  })
}
