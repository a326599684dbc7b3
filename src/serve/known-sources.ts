/** Sources that somebody names, of those of which they may read anything. */
import { UnsiloError } from '../core/errors.ts'
import type { Asker, Door } from './mcp/door.ts'
import { listSources } from './mcp/sources.ts'

/** A misspelt name would find nothing and look like an answer. One that is hidden and none at all are told alike. */
export async function refuseUnknown(
  door: Pick<Door, 'index'>,
  as: Asker,
  names: readonly string[] | undefined,
): Promise<void> {
  for (const name of names ?? []) {
    if ((await door.index.readable({ as, sources: [name] }, 1)) > 0) continue
    const { sources } = await listSources(door, as)
    const known = sources.map((source) => source.name)
    if (known.includes(name)) continue
    throw new UnsiloError('USAGE', `There is no source ${JSON.stringify(name)} of which you may read anything.`, {
      hint: known.length === 0 ? 'You may read none.' : `There are: ${known.join(', ')}.`,
    })
  }
}
