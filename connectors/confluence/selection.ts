/** Which of the listed contents the configuration asks for, by label and by place in the page tree. */
import { UnsiloError } from '../../src/core/errors.ts'
import type { ContentKind, Space } from './answers.ts'
import type { ConfluenceClient } from './client.ts'
import type { ConfluenceConfig } from './config.ts'
import type { Placed } from './contents.ts'
import type { Tree } from './tree.ts'

/** Label name -> ids of what carries it. Only labels that the configuration names. */
export type Labelled = ReadonlyMap<string, ReadonlySet<string>>

/** A space filter of the API takes this many ids. */
const SPACES_A_REQUEST = 100

export async function readLabels(
  client: ConfluenceClient,
  config: ConfluenceConfig,
  spaces: readonly Space[],
): Promise<Labelled> {
  const { include, exclude } = config.labels
  const labelled = new Map<string, ReadonlySet<string>>()
  for (const name of new Set([...include, ...exclude]))
    labelled.set(name, await readLabel(client, config, name, spaces))
  if (include.length > 0 && include.every((name) => labelled.get(name)?.size === 0)) {
    throw new UnsiloError('CONFIG_INVALID', `labels.include: nothing in the spaces carries ${include.join(' or ')}`, {
      hint: 'Correct the label, or remove it from the configuration. Nothing was changed.',
    })
  }
  return labelled
}

/** Why a content is left out; null if it is wanted. What can't be placed is not let in by a tree, nor past one. */
export function whyLeftOut(content: Placed, config: ConfluenceConfig, labelled: Labelled, tree: Tree): string | null {
  const { labels, trees } = config
  const carries = (name: string) => labelled.get(name)?.has(content.id) === true
  const excluded = labels.exclude.find(carries)
  if (excluded !== undefined) return `has the label ${excluded}, which labels.exclude names`
  if (labels.include.length > 0 && !labels.include.some(carries)) return 'has none of the labels of labels.include'
  return whyOutsideTrees(content, trees, tree)
}

/** An excluded page that vanished may have left its children elsewhere, so a tree that isn't found stops the run. */
export function checkTrees(config: ConfluenceConfig, tree: Tree): void {
  for (const field of ['include', 'exclude'] as const) {
    const missing = config.trees[field].find((id) => !tree.has(id))
    if (missing === undefined) continue
    throw new UnsiloError(
      'CONFIG_INVALID',
      `trees.${field}: ${missing} is no current page or folder of the listed spaces`,
      {
        hint: 'Correct the id, or remove it from the configuration. Nothing was changed.',
      },
    )
  }
}

function whyOutsideTrees(content: Placed, trees: ConfluenceConfig['trees'], tree: Tree): string | null {
  if (trees.include.length === 0 && trees.exclude.length === 0) return null
  const ancestors = tree.ancestors(content.id)
  const chain = [content.id, ...(ancestors ?? [])]
  const excluded = trees.exclude.find((id) => chain.includes(id))
  if (excluded !== undefined) return `stands in the tree ${excluded}, which trees.exclude names`
  if (ancestors === null) return 'its place in the page tree can’t be read'
  return trees.include.length > 0 && !trees.include.some((id) => chain.includes(id))
    ? 'stands outside trees.include'
    : null
}

async function readLabel(client: ConfluenceClient, config: ConfluenceConfig, name: string, spaces: readonly Space[]) {
  const ids = new Set<string>()
  const labelId = await client.labelId(name)
  if (labelId === null) return ids
  const kinds: readonly ContentKind[] = config.blogPosts ? ['page', 'blogpost'] : ['page']
  for (const kind of kinds) {
    for (let start = 0; start < spaces.length; start += SPACES_A_REQUEST) {
      const some = spaces.slice(start, start + SPACES_A_REQUEST).map(({ id }) => id)
      const { items } = await client.labelled(kind, labelId, some)
      for (const { id } of items) ids.add(id)
    }
  }
  return ids
}
