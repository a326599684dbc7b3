/** The page tree: what stands above a document, from the listing's parents and the few lookups that they leave open. */

import { AT_A_TIME, forEachConcurrently } from '../../src/http/concurrently.ts'
import type { Container, Content, Parent } from './answers.ts'
import { type ConfluenceClient, type ContainerType, containerTypes } from './client.ts'

export interface Tree {
  /**
   * The ids above a content, nearest first; null if that can't be known for certain (a hidden parent, a cycle), in which
   * case nobody may be let in, since what is hidden may restrict.
   */
  ancestors(id: string): readonly string[] | null
  /** Titles of what is known above it, outermost first. */
  titles(id: string): readonly string[]
  has(id: string): boolean
}

type Node = Pick<Container, 'title' | 'parent'> | 'hidden'

const LOOKUP_SIZE = 100

/** Deeper than any page tree that a person has made. */
const MAX_DEPTH = 200

/** @param named ids that the configuration names: looked up too, if the listing doesn't hold them */
export async function readTree(
  client: ConfluenceClient,
  contents: readonly Content[],
  named: readonly string[],
): Promise<Tree> {
  const nodes = new Map<string, Node>(contents.map((content) => [content.id, content]))
  await lookUpNamed(client, nodes, named)
  for (let level = 0, open = openParents(nodes); open.size > 0 && level < MAX_DEPTH; level += 1) {
    await lookUp(client, nodes, open)
    open = openParents(nodes)
  }
  return treeOf(nodes)
}

function treeOf(nodes: ReadonlyMap<string, Node>): Tree {
  return {
    ancestors: (id) => climb(nodes, id).complete,
    titles: (id) =>
      climb(nodes, id)
        .known.map((ancestor) => titleOf(nodes, ancestor))
        .reverse(),
    has: (id) => (nodes.get(id) ?? 'hidden') !== 'hidden',
  }
}

/** Parents that are named by a known node and not known themselves, with their types. */
function openParents(nodes: ReadonlyMap<string, Node>): Map<string, string> {
  const open = new Map<string, string>()
  for (const node of nodes.values()) {
    const parent = node === 'hidden' ? null : node.parent
    if (parent !== null && parent !== 'unknown' && !nodes.has(parent.id)) open.set(parent.id, parent.type)
  }
  return open
}

/** A page that moved while it was listed, or an archived one, is found by its id. Everything asked for is known afterwards. */
async function lookUp(client: ConfluenceClient, nodes: Map<string, Node>, open: ReadonlyMap<string, string>) {
  const pages = [...open].filter(([, type]) => type === 'page').map(([id]) => id)
  for (let start = 0; start < pages.length; start += LOOKUP_SIZE) {
    const found = await client.pagesById(pages.slice(start, start + LOOKUP_SIZE))
    for (const { id, title, parent } of found) if (open.has(id)) nodes.set(id, { title, parent })
  }
  await forEachConcurrently(open, AT_A_TIME, async ([id, type]) => {
    if (isContainer(type)) nodes.set(id, (await client.container(type, id)) ?? 'hidden')
    if (!nodes.has(id)) nodes.set(id, 'hidden')
  })
}

/** What the configuration names may be a folder without pages. */
async function lookUpNamed(
  client: ConfluenceClient,
  nodes: Map<string, Node>,
  named: readonly string[],
): Promise<void> {
  for (const id of named) {
    if (nodes.has(id)) continue
    const folder = await client.container('folder', id)
    if (folder !== null) nodes.set(id, folder)
  }
}

function climb(nodes: ReadonlyMap<string, Node>, id: string): { known: string[]; complete: string[] | null } {
  const known: string[] = []
  for (let parent = parentOf(nodes, id); known.length < MAX_DEPTH; ) {
    if (parent === null) return { known, complete: known }
    const node = parent === 'unknown' ? 'hidden' : (nodes.get(parent.id) ?? 'hidden')
    if (parent === 'unknown' || node === 'hidden') break
    known.push(parent.id)
    parent = node.parent
  }
  return { known, complete: null }
}

function parentOf(nodes: ReadonlyMap<string, Node>, id: string): Parent {
  const node = nodes.get(id) ?? 'hidden'
  return node === 'hidden' ? 'unknown' : node.parent
}

function titleOf(nodes: ReadonlyMap<string, Node>, id: string): string {
  const node = nodes.get(id) ?? 'hidden'
  return node === 'hidden' ? '' : node.title
}

function isContainer(type: string): type is ContainerType {
  return containerTypes.some((known) => known === type)
}
