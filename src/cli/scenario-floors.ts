/**
 * `searches.yaml` in a folder of recordings: questions with the documents that must be found for them once the story is
 * over, so that a change which breaks retrieval fails like one that breaks a text.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { z } from 'zod'
import { UnsiloError } from '../core/errors.ts'
import type { Store } from '../core/store.ts'
import { search } from '../query/search.ts'
import { principals } from './option-values.ts'

const SEARCHES = 'searches.yaml'

const searches = z.strictObject({
  /** The share of all expected documents that must be found. */
  recall: z.number().min(0).max(1).default(1),
  queries: z
    .array(
      z.strictObject({
        text: z.string().min(1),
        /** Ids, as search prints them. */
        expect: z.array(z.string().min(1)).min(1),
        /** They must be among so many. */
        within: z.int().min(1).max(100).default(10),
        as: z.array(z.string()).default([]),
      }),
    )
    .min(1),
})

/** What is not found, in words; nothing where the folder has no such file or the floor is held. */
export async function missedSearches(folder: string, store: Store): Promise<readonly string[]> {
  const file = join(folder, SEARCHES)
  const text = await textOf(file)
  if (text === null) return []
  const { recall, queries } = parse(text, file)
  const missed: string[] = []
  let expected = 0
  for (const { text, expect, within, as } of queries) {
    const found = (await search(store, { text, as: principals(as), limit: within })).map(({ id }) => id)
    expected += expect.length
    for (const id of expect)
      if (!found.includes(id)) missed.push(`${JSON.stringify(text)}: ${id} not in the first ${within}`)
  }
  const share = (expected - missed.length) / expected
  return share >= recall ? [] : [...missed, `recall ${share.toFixed(4)}, at least ${recall} is asked for`]
}

/** Null where it isn't there; one that can't be read is an error, since its floors would be held unseen. */
async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new UnsiloError('CONFIG_INVALID', `${file}: can't be read.`, { cause })
  }
}

function parse(text: string, file: string): z.infer<typeof searches> {
  try {
    return searches.parse(load(text))
  } catch (cause) {
    const issue = cause instanceof z.ZodError ? cause.issues[0] : undefined
    const what = issue === undefined ? 'is no YAML' : `${issue.path.join('.') || 'the file'}: ${issue.message}`
    throw new UnsiloError('CONFIG_INVALID', `${file}: ${what}`, {
      hint: 'It holds `queries:`, each with `text` and `expect`, and where wanted `within`, `as`, and `recall` for all.',
      cause,
    })
  }
}
