/** One run at a time writes into a folder, by the lock that an index has. */
import { lockSqlite } from '../indexes/sqlite/sqlite.ts'
import type { LockFolder } from '../publish/folder/marked-folder.ts'
import type { Io } from './io.ts'

/** @param work what is done, as another run is told: with nothing of the machine, since a web server may hand out what is in the folder */
export function folderLock(work: string, io: Io): LockFolder {
  const holder = `unsilo ${work} (process ${process.pid}, since ${new Date(io.now()).toISOString()})`
  return async (files) => (await lockSqlite(files, { holder })).release
}
