/** What is remembered of a target of external pages: whom it is for, also once the configuration names it no more. */
import { z } from 'zod'
import { isPrincipal, type Principal } from '../../core/access.ts'
import { sameJson } from '../../core/ids.ts'
import type { Notes } from '../../core/notes.ts'
import { targetName } from './import-source.ts'
import { readPageNotes } from './page.ts'
import { readNote } from './read-note.ts'

export interface NotedTarget {
  readonly name: string
  readonly source: string
  /** Null where it was published before readers were remembered. */
  readonly as: readonly Principal[] | null
}

const PREFIX = 'target:'

const note = z.object({ as: z.array(z.custom<Principal>((given) => typeof given === 'string' && isPrincipal(given))) })

/** Those that were published to earlier. */
export function targetsNoted(notes: Notes): readonly NotedTarget[] {
  return [...readPageNotes(notes).keys()].map((name) => {
    const [, source = name] = /^(.*)-[^-]*$/s.exec(name) ?? []
    return { name, source, as: name === targetName(source, []) ? [] : readersNoted(notes, name) }
  })
}

export async function noteTarget(notes: Notes, name: string, as: readonly Principal[]): Promise<void> {
  const value = { as: [...as].sort() }
  if (!sameJson(notes.all().get(PREFIX + name) ?? null, value)) await notes.put(PREFIX + name, value)
}

function readersNoted(notes: Notes, name: string): readonly Principal[] | null {
  const value = notes.all().get(PREFIX + name)
  return value === undefined ? null : readNote(note, PREFIX + name, value).as
}
