/** Everything that is current in the configured spaces: heads only, each listing read to its end. */
import { UnsiloError } from '../../src/core/errors.ts'
import type { ContentKind, Space } from './answers.ts'
import type { ConfluenceClient } from './client.ts'
import type { ConfluenceConfig } from './config.ts'
import { type Contents, createContents } from './contents.ts'

export interface Listed {
  readonly contents: Contents
  readonly spaces: readonly Space[]
  readonly pages: number
  readonly duplicates: number
}

const KEYS_A_REQUEST = 100

export async function readListing(client: ConfluenceClient, config: ConfluenceConfig): Promise<Listed> {
  const spaces = await readSpaces(client, config)
  const kinds: readonly ContentKind[] = config.blogPosts ? ['page', 'blogpost'] : ['page']
  const contents = createContents(spaces)
  let pages = 0
  let read = 0
  for (const space of spaces) {
    for (const kind of kinds) {
      pages += await client.contents(kind, space.id, (content) => {
        if (content.status !== 'current') return
        contents.add(content, space)
        read += 1
      })
    }
  }
  return { contents, spaces, pages, duplicates: read - contents.size }
}

async function readSpaces(client: ConfluenceClient, config: ConfluenceConfig): Promise<readonly Space[]> {
  const spaces =
    config.spaces === 'all' ? await allSpaces(client, config) : await namedSpaces(client, config, config.spaces)
  return spaces.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
}

async function allSpaces(client: ConfluenceClient, config: ConfluenceConfig): Promise<readonly Space[]> {
  const { items } = await client.spaces(config.archivedSpaces ? {} : { status: 'current' })
  const wanted = items.filter(
    ({ type, status }) =>
      (config.personalSpaces || type !== 'personal') && (config.archivedSpaces || status !== 'archived'),
  )
  if (wanted.length > 0) return wanted
  throw new UnsiloError('LISTING_INCOMPLETE', 'Confluence: the account sees no space', {
    hint: 'Give the account permission to view the spaces. Nothing was removed.',
  })
}

async function namedSpaces(
  client: ConfluenceClient,
  config: ConfluenceConfig,
  named: readonly string[],
): Promise<readonly Space[]> {
  const keys = [...new Set(named)]
  const found = new Map<string, Space>()
  for (let start = 0; start < keys.length; start += KEYS_A_REQUEST) {
    const { items } = await client.spaces({ keys: keys.slice(start, start + KEYS_A_REQUEST) })
    for (const space of items) found.set(space.key, space)
  }
  return keys.map((key) => usable(key, found.get(key), config))
}

function usable(key: string, space: Space | undefined, config: ConfluenceConfig): Space {
  if (space === undefined) {
    throw new UnsiloError('CONFIG_INVALID', `spaces: ${key} does not exist, or the account may not see it`, {
      hint: 'Keys are written as in the address after /spaces/ or /display/, in the same case. Nothing was removed.',
    })
  }
  if (space.status === 'archived' && !config.archivedSpaces) {
    throw new UnsiloError('CONFIG_INVALID', `spaces: ${key} was archived`, {
      hint: 'Set archivedSpaces: true to keep it, or remove it from spaces to let its documents go. Nothing was removed.',
    })
  }
  return space
}
