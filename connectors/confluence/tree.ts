/** The page tree: what stands above a document, from the listing's parents and the few lookups that they leave open. */

import { AT_A_TIME, forEachConcurrently } from '../../src/core/concurrently.ts'
import type { Container, Parent } from './answers.ts'
import { type ConfluenceClient, type ContainerType, containerTypes } from './client.ts'
import type { Contents, Parents } from './contents.ts'

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

interface Nodes {
  /** What stands above each listed content. */
  readonly listed: Parents
  /** Of the listed contents that something stands below. */
  readonly titles: ReadonlyMap<string, string>
  /** What the listing doesn't hold. */
  readonly others: Map<string, Container | 'hidden'>
}

const LOOKUP_SIZE = 100

/** Deeper than any page tree that a person has made. */
const MAX_DEPTH = 200

/** @param named ids that the configuration names: looked up too, if the listing doesn't hold them */
export async function readTree(client: ConfluenceClient, contents: Contents, named: readonly string[]): Promise<Tree> {
  const nodes: Nodes = { listed: contents.parents, titles: parentTitles(contents), others: new Map() }
  await lookUpNamed(client, nodes, named)
  for (let level = 0, open = openParents(nodes); open.size > 0 && level < MAX_DEPTH; level += 1) {
    await lookUp(client, nodes, open)
    open = openParents(nodes)
  }
  return treeOf(nodes)
}

function treeOf(nodes: Nodes): Tree {
  return {
    ancestors: (id) => climb(nodes, id).complete,
    titles: (id) =>
      climb(nodes, id)
        .known.map((ancestor) => titleOf(nodes, ancestor))
        .reverse(),
    has: (id) => nodes.listed.has(id) || (nodes.others.get(id) ?? 'hidden') !== 'hidden',
  }
}

function parentTitles(contents: Contents): ReadonlyMap<string, string> {
  const parents = new Set([...contents.parents.distinct()].map((parent) => idOf(parent)))
  const titles = new Map<string, string>()
  for (const { id, title } of contents) if (parents.has(id)) titles.set(id, title)
  return titles
}

/** Parents that are named by a known node and not known themselves, with their types. */
function openParents(nodes: Nodes): Map<string, string> {
  const open = new Map<string, string>()
  const note = (parent: Parent) => {
    if (parent !== null && parent !== 'unknown' && !isKnown(nodes, parent.id)) open.set(parent.id, parent.type)
  }
  for (const parent of nodes.listed.distinct()) note(parent)
  for (const node of nodes.others.values()) if (node !== 'hidden') note(node.parent)
  return open
}

/** A page that moved while it was listed, or an archived one, is found by its id. Everything asked for is known afterwards. */
async function lookUp(client: ConfluenceClient, nodes: Nodes, open: ReadonlyMap<string, string>) {
  const pages = [...open].filter(([, type]) => type === 'page').map(([id]) => id)
  for (let start = 0; start < pages.length; start += LOOKUP_SIZE) {
    const found = await client.pagesById(pages.slice(start, start + LOOKUP_SIZE))
    for (const { id, title, parent } of found) if (open.has(id)) nodes.others.set(id, { title, parent })
  }
  await forEachConcurrently(open, AT_A_TIME, async ([id, type]) => {
    if (isContainer(type)) nodes.others.set(id, (await client.container(type, id)) ?? 'hidden')
    if (!isKnown(nodes, id)) nodes.others.set(id, 'hidden')
  })
}

/** What the configuration names may be a folder without pages. */
async function lookUpNamed(client: ConfluenceClient, nodes: Nodes, named: readonly string[]): Promise<void> {
  for (const id of named) {
    if (isKnown(nodes, id)) continue
    const folder = await client.container('folder', id)
    if (folder !== null) nodes.others.set(id, folder)
  }
}

function climb(nodes: Nodes, id: string): { known: string[]; complete: string[] | null } {
  const known: string[] = []
  for (let parent = parentOf(nodes, id); known.length < MAX_DEPTH; ) {
    if (parent === null) return { known, complete: known }
    const above: Parent | 'hidden' = typeof parent === 'string' ? 'hidden' : parentOf(nodes, parent.id)
    if (typeof parent === 'string' || above === 'hidden') break
    known.push(parent.id)
    parent = above
  }
  return { known, complete: null }
}

function parentOf({ listed, others }: Nodes, id: string): Parent | 'hidden' {
  const parent = listed.get(id)
  if (parent !== undefined) return parent
  const node = others.get(id) ?? 'hidden'
  return node === 'hidden' ? 'hidden' : node.parent
}

function titleOf({ titles, others }: Nodes, id: string): string {
  const node = others.get(id) ?? 'hidden'
  return titles.get(id) ?? (node === 'hidden' ? '' : node.title)
}

function isKnown({ listed, others }: Nodes, id: string): boolean {
  return listed.has(id) || others.has(id)
}

function idOf(parent: Parent): string | null {
  return parent === null || parent === 'unknown' ? null : parent.id
}

function isContainer(type: string): type is ContainerType {
  return containerTypes.some((known) => known === type)
}
