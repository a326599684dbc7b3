/** Whether an index may become a copy of another: what is there is lost then, so a person has to have said so. */
import { differences, missing } from '../copy/compare.ts'
import { idPages } from '../copy/content.ts'
import { UnsiloError } from '../core/errors.ts'
import type { Store } from '../core/store.ts'
import { mayBeGone } from '../core/unusual.ts'
import type { Filling } from '../indexes/filling.ts'
import type { CopyOptions } from './options.ts'
import { count, counted } from './output.ts'
import { indexName } from './setup.ts'

/** Locations. */
export interface Ends {
  readonly from: string
  readonly to: string
}

type There = Pick<Filling, 'present' | 'begun'>

/** Whether what is to be copied is there already, whole. */
export async function isSame({ present, begun }: There, from: Store, options: CopyOptions): Promise<boolean> {
  if (present === null || begun !== null) return false
  for await (const _ of differences(from, present, options)) return false
  return true
}

/** Throws USAGE where it holds something else, and GUARD_TRIPPED where that may go, but not so much of it. */
export async function checkTarget(
  { present, begun }: There,
  from: Store,
  ends: Ends,
  { force, allowDeletes }: Pick<CopyOptions, 'force' | 'allowDeletes'>,
): Promise<void> {
  if (present === null) return
  const sources = await present.sources()
  if (begun === null && sources.length === 0) return
  const { held, lost } = await countLost(present, from, sources)
  // Who goes on has said so before, and not that so much may go since.
  if (!force && begun !== indexName(ends.from)) throw holdsAnother(ends, begun, held)
  if (mayBeGone(lost, held, allowDeletes)) return
  const gone = `${count(lost)} of ${counted(held, 'document')} in ${indexName(ends.to)} are not in ${indexName(ends.from)}`
  throw new UnsiloError('GUARD_TRIPPED', `${gone}, so it was left as it is.`, {
    hint: `\`--plan\` shows what would change. If they may be gone: add --allow-deletes ${lost}`,
  })
}

const IDS = 500

async function countLost(present: Store, from: Store, sources: readonly string[]) {
  let [held, lost] = [0, 0]
  for (const source of sources) {
    for await (const page of idPages(present, source, IDS)) {
      held += page.length
      lost += (await missing(from, source, page)).length
    }
  }
  return { held, lost }
}

function holdsAnother({ from, to }: Ends, begun: string | null, held: number): UnsiloError {
  const what =
    begun === null
      ? `holds ${counted(held, 'document')} already, and not what ${indexName(from)} holds`
      : `holds an unfinished copy of ${begun}, and not of ${indexName(from)}`
  return new UnsiloError('USAGE', `${indexName(to)} ${what}.`, {
    hint: 'Nothing was changed. --plan shows what would change; add --force to replace what is there.',
  })
}
