/** The SQLite schema as an ordered list. A published entry never changes: the next need is the next entry. */
import type { Connection } from '../connection.ts'
import { m001Documents } from './m001-documents.ts'
import { m002Listed } from './m002-listed.ts'
import { m003Policy } from './m003-policy.ts'
import { m004Ledger } from './m004-ledger.ts'
import { m005Sums } from './m005-sums.ts'
import { m006Vectors } from './m006-vectors.ts'
import { m007Languages } from './m007-languages.ts'
import { m008Facets } from './m008-facets.ts'
import { m009Tokens } from './m009-tokens.ts'
import { m010Places } from './m010-places.ts'
import { m011Words } from './m011-words.ts'
import { m012Codes } from './m012-codes.ts'
import { m013Size } from './m013-size.ts'

/** 'unsi' in ASCII: marks the file as an unsilo index, https://www.sqlite.org/pragma.html#pragma_application_id */
export const APPLICATION_ID = 0x756e7369

/** SQL, or what has to be computed. Runs inside a transaction. */
export type Migration = string | ((db: Connection) => void)

/** `user_version` of a file is the number of entries that were run on it. */
export const migrations: readonly Migration[] = [
  m001Documents,
  m002Listed,
  m003Policy,
  m004Ledger,
  m005Sums,
  m006Vectors,
  m007Languages,
  m008Facets,
  m009Tokens,
  m010Places,
  m011Words,
  m012Codes,
  m013Size,
]
