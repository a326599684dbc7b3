/** Sources as far as somebody may read them. */
import type { Principal } from '../core/access.ts'
import { UnsiloError } from '../core/errors.ts'
import type { Ledger } from '../core/ledger.ts'
import type { Index, Reader } from '../core/store.ts'

export interface ReadableSource {
  readonly name: string
  /** ISO 639-1, of the documents in it that they may read. */
  readonly languages: readonly string[]
}

/** Takes longer, the more documents there are that they may not read. */
type Sources = Pick<Index, 'readable' | 'languages'> & Pick<Ledger, 'sources'>

/** In name order. */
export async function readableSources(index: Sources, as: readonly Principal[]): Promise<readonly ReadableSource[]> {
  const found: ReadableSource[] = []
  for (const name of await index.sources()) {
    const languages = await index.languages({ as, sources: [name] })
    if (languages.length > 0) found.push({ name, languages })
  }
  return found
}

/** A misspelt name would find nothing and look like an answer. One that is hidden and none at all are told alike. */
export async function refuseUnknown(index: Sources, { as, sources = [] }: Reader): Promise<void> {
  for (const name of sources) {
    if ((await index.readable({ as, sources: [name] }, 1)) > 0) continue
    const known = (await readableSources(index, as)).map((source) => source.name)
    if (known.includes(name)) continue
    throw new UnsiloError('USAGE', `There is no source ${JSON.stringify(name)} of which you may read anything.`, {
      hint: known.length === 0 ? 'You may read none.' : `There are: ${known.join(', ')}.`,
    })
  }
}
