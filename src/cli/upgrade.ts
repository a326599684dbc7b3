/** What is said before an older index is brought up to date: for minutes nothing else would be heard of it. */
import { basename } from 'node:path'
import type { Upgrade } from '../indexes/upgrade.ts'
import type { Io } from './io.ts'
import { bytes, duration, note } from './output.ts'

/** src/indexes/README.md says how it was measured. */
const BYTES_A_SECOND = 20_000_000

export function upgradeTeller({ quiet }: { readonly quiet: boolean }, io: Io): (upgrade: Upgrade) => void {
  return ({ path, from, to, bytes: size, backup }) => {
    if (quiet) return
    const seconds = Math.max(1, size / BYTES_A_SECOND)
    note(
      io,
      `${path} was written by an older unsilo. First it is brought up to date (schema ${from} to ${to}): ${bytes(size)}, copied to ` +
        `${basename(backup)} and then changed in one step, in about ${duration(seconds)}. Ctrl-C does not stop that; a process ` +
        'that is killed leaves the index as it was.',
    )
  }
}
