/**
 * ADF to the tree of storage format, so that one set of rules renders both. Linear, and without recursion over the
 * input's depth.
 */
import type { Context } from '../storage/pieces.ts'
import { createElement, type Node } from '../storage/tree.ts'
import { type AdfNode, readNode } from './json.ts'
import { type Mark, MOST_MARKS, readMark, sameMark } from './marks.ts'
import { translate } from './nodes.ts'

/** No page has as many nodes and marks, or nests like this, but one that is made to use up memory. */
const MOST_NODES = 1_000_000
const DEEPEST = 100_000

interface Level {
  readonly source: Iterator<unknown>
  readonly target: Node[]
  /** Marks that the last node had, each with where its content goes. */
  open: readonly { readonly mark: Mark; readonly inside: Node[] }[]
}

/** Losses are those of storage format, with `element:unreadable` for what is no node. */
export function translateDocument(content: readonly unknown[], context: Context): readonly Node[] {
  const root: Node[] = []
  const levels: Level[] = [{ source: content.values(), target: root, open: [] }]
  let count = 0
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    const { value, done } = level.source.next()
    if (done === true) {
      levels.pop()
      continue
    }
    const node = readNode(value)
    count += 1 + Math.min(node?.marks.length ?? 0, MOST_MARKS)
    if (count > MOST_NODES) {
      context.lose('cut')
      root.push(createElement('blockquote', {}, [`[cut: the page has more than ${MOST_NODES} nodes]`]))
      break
    }
    if (node === null) {
      context.lose('element:unreadable')
      continue
    }
    const { nodes, inside, content: replaced } = translate(node, context)
    const target = markedTarget(level, node, context)
    for (const translated of nodes) target.push(translated)
    const next = replaced ?? node.content
    if (inside === undefined || next === null) continue
    if (levels.length > DEEPEST) context.lose('depth')
    else levels.push({ source: next.values(), target: inside, open: [] })
  }
  return root
}

/** Neighbours share the marks that they begin with: a link whose words differ in weight is one link. */
function markedTarget(level: Level, node: AdfNode, context: Context): Node[] {
  if (node.marks.length === 0) {
    level.open = []
    return level.target
  }
  const marks = marksOf(node, context)
  const firstOther = marks.findIndex((mark, index) => {
    const open = level.open[index]
    return open === undefined || !sameMark(open.mark, mark)
  })
  const open = level.open.slice(0, firstOther === -1 ? marks.length : firstOther)
  for (const mark of marks.slice(open.length)) {
    const inside: Node[] = []
    const outer = open.at(-1)?.inside ?? level.target
    outer.push(createElement(mark.name, mark.attributes, inside))
    open.push({ mark, inside })
  }
  level.open = open
  return open.at(-1)?.inside ?? level.target
}

function marksOf(node: AdfNode, context: Context): readonly Mark[] {
  if (node.marks.length > MOST_MARKS) context.lose('depth')
  return node.marks.slice(0, MOST_MARKS).flatMap((value) => readMark(value, context.lose) ?? [])
}
