/** Notes that end with the process, as the index in memory does. */
import type { Notes } from '../../core/notes.ts'
import { type NotesOptions, readNotes, writtenNotes } from '../kept-notes.ts'

const PATH = 'memory:'

export function openMemoryNotes({ mode }: Pick<NotesOptions, 'mode'>): Notes {
  if (mode === 'read') return readNotes(PATH, new Map())
  const nothing = async () => {}
  return writtenNotes(PATH, new Map(), {
    ...{ put: nothing, remove: nothing, replace: nothing, close: nothing },
    check: () => {},
  })
}
