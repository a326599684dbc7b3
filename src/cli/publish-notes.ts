/** What `unsilo publish intercom` remembers: beside the index, wherever that is, and of one workspace. */
import { dirname, join } from 'node:path'
import type { ConfigOutline } from '../config/load.ts'
import { UnsiloError } from '../core/errors.ts'
import type { Notes } from '../core/notes.ts'
import { openNotes } from '../indexes/registry.ts'
import { workspaceOf } from '../publish/intercom/library.ts'
import type { IntercomClient } from '../vendors/intercom/client.ts'
import type { Io } from './io.ts'
import type { PublishIntercomOptions } from './options.ts'
import { count, note } from './output.ts'
import { exists, holderName, indexFile, indexName, patiently } from './setup.ts'

/** Alone, unless it is a plan. */
export async function openPublishNotes(
  { index, path }: Pick<ConfigOutline, 'index' | 'path'>,
  options: PublishIntercomOptions,
  io: Io,
): Promise<Notes> {
  if (indexFile(index) === null) await checkNoFile(join(dirname(path), '.unsilo', 'intercom.db'), index)
  const asked = { mode: options.plan ? 'read' : 'write', holder: holderName('publish intercom', io) } as const
  return await patiently(options, io, (wait) => openNotes(index, { ...asked, ...wait }))
}

/** Where notes of an index on a server were once: without them all that was published would be published again. */
async function checkNoFile(file: string, index: string): Promise<void> {
  if (!(await exists(file))) return
  throw new UnsiloError(
    'CONFIG_INVALID',
    `${file} is not read any more: what was published from ${indexName(index)} is noted in the index itself.`,
    {
      hint: 'Nothing was changed. Move that file away; then --adopt takes over articles of the same titles and collections.',
    },
  )
}

/**
 * With the token of another workspace every article would look as if somebody had deleted it.
 *
 * @returns what is remembered of the workspace
 */
export async function checkWorkspace(
  client: IntercomClient,
  notes: Notes,
  { plan, beginAnew }: PublishIntercomOptions,
  io: Io,
): Promise<Notes> {
  const now = await workspaceOf(client)
  const noted = notes.all().get('workspace')
  if (noted === now) return notes
  if (noted !== undefined && !beginAnew) throw anotherWorkspace(String(noted), now)
  if (noted !== undefined) sayForgotten(String(noted), notes, plan, io)
  if (plan) return noted === undefined ? notes : { ...notes, all: () => new Map() }
  if (noted === undefined) await notes.put('workspace', now)
  else await notes.replace(new Map([['workspace', now]]))
  return notes
}

function sayForgotten(workspace: string, notes: Notes, plan: boolean, io: Io): void {
  const known = [...notes.all().keys()].filter((key) => /^(article|page):/.test(key)).length
  const done = plan ? 'would be forgotten' : 'is forgotten'
  const what = `What was published to the workspace ${workspace} ${done}`
  note(io, `${what}: ${count(known)} articles and pages of ours stay there as they are.`)
}

function anotherWorkspace(noted: string, now: string): UnsiloError {
  return new UnsiloError(
    'CONFIG_INVALID',
    `This index was published to the workspace ${noted}; the token is of ${now}.`,
    {
      hint: 'Nothing was changed. Use the other token, or add --begin-anew: it forgets what was published there, and begins in this workspace.',
    },
  )
}
