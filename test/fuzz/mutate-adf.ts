/** Changes to the JSON of an ADF document: other types, other kinds of values, missing, extra and doubled parts. */
import { hostileText } from './hostile.ts'
import type { Random } from './random.ts'

type Tree = Record<string, unknown>

const TYPES =
  `doc text paragraph heading blockquote rule hardBreak codeBlock bulletList orderedList listItem taskList taskItem
  decisionList decisionItem panel expand nestedExpand layoutSection layoutColumn table tableRow tableHeader tableCell
  mediaSingle mediaGroup media mediaInline caption emoji mention date status inlineCard blockCard embedCard placeholder
  extension inlineExtension bodiedExtension confluenceUnsupportedBlock unheardOf __proto__ constructor`.split(/\s+/)
const MARKS = 'strong em underline strike code link subsup textColor annotation unheardOf toString'.split(' ')
const FIELDS = 'type content marks text attrs version __proto__ constructor toString length 0'.split(' ')
const ATTRIBUTES =
  `level language order state panelType title colspan rowspan url href alt text id shortName timestamp data
  extensionKey extensionType parameters localId __proto__ cxhtml __fileName color`.split(/\s+/)
const VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -1, 2.5, 1e308, '', 'x', '6', [], {}, [[]], [null], ['a', 'b'], { value: 'v' }],
  ...[{ type: 'text', text: 'deep' }, { toString: 1 }, 'javascript:alert(1)', 'https://e.com/a_(b)', '1700000000000'],
]
const LARGEST = 400

/** JSON text in, JSON text out; now and then something that is no JSON. */
export function mutateAdf(sample: string, other: string, random: Random): string {
  const root: unknown = JSON.parse(sample)
  const from: unknown = JSON.parse(other)
  let left = 1
  while (left < 10 && random.chance(0.7)) left += 1
  for (; left > 0; left -= 1) mutateOnce(root, from, random)
  const text = JSON.stringify(root)
  return random.chance(0.02) ? text.slice(0, random.below(text.length)) : text
}

function mutateOnce(root: unknown, from: unknown, random: Random): void {
  const objects = objectsIn(root)
  const node = random.pick(objects)
  const content = node === undefined ? undefined : listIn(node, random)
  if (node === undefined) return
  switch (random.below(15)) {
    case 0:
      setOwn(node, random.pick(FIELDS), valueFrom(random))
      return
    case 1:
      delete node[random.pick(Object.keys(node).concat('type'))]
      return
    case 2:
      setOwn(node, 'type', random.pick(TYPES))
      return
    case 3:
    case 4:
      setOwn(node, 'attrs', { ...asTree(node['attrs']), [random.pick(ATTRIBUTES)]: textOrValue(random) })
      return
    case 5:
      setOwn(node, 'marks', marksOf(random))
      return
    case 6:
    case 7:
    case 8:
      if (node['type'] === 'text') node['text'] = hostileText(random)
      else
        content?.splice(random.below(content.length + 1), 0, {
          type: 'text',
          text: hostileText(random),
          marks: marksOf(random),
        })
      return
    case 9:
      if (objects.length < LARGEST)
        content?.splice(random.below(content.length + 1), 0, structuredClone(random.pick(objectsIn(from))))
      return
    case 10:
      content?.splice(random.below(content.length), 1)
      return
    case 11:
      if (objects.length < LARGEST) content?.push(...structuredClone(content.slice(0, 20)))
      return
    case 12:
      content?.splice(random.below(content.length + 1), 0, valueFrom(random))
      return
    case 13:
      content?.push(nest(content.pop(), random))
      return
    default:
      content?.reverse()
  }
}

/** A `__proto__` is a field like any other to JSON. */
function setOwn(node: Tree, name: string, value: unknown): void {
  Object.defineProperty(node, name, { value, enumerable: true, configurable: true, writable: true })
}

function listIn(node: Tree, random: Random): unknown[] | undefined {
  const lists = [node['content'], node['content'], node['marks']].filter((value) => Array.isArray(value))
  return lists.length === 0 ? undefined : random.pick(lists)
}

function objectsIn(root: unknown): Tree[] {
  const found: Tree[] = []
  const open: unknown[] = [root]
  for (let value = open.pop(); open.length > 0 || value !== undefined; value = open.pop()) {
    if (typeof value !== 'object' || value === null) continue
    if (!Array.isArray(value)) found.push(value as Tree)
    for (const inner of Object.values(value)) open.push(inner)
  }
  return found
}

function asTree(value: unknown): Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Tree) : {}
}

/** A copy, since it may be changed where it is put. */
function valueFrom(random: Random): unknown {
  return structuredClone(random.pick(VALUES))
}

function textOrValue(random: Random): unknown {
  return random.chance(0.5) ? valueFrom(random) : hostileText(random)
}

function marksOf(random: Random): unknown {
  const marks = Array.from({ length: random.below(4) }, () => {
    const type = random.pick(MARKS)
    return type === 'link'
      ? { type, attrs: { href: random.pick(['https://e.com/(a', 'javascript:x', '/p', hostileText(random)]) } }
      : { type }
  })
  return random.chance(0.05) ? valueFrom(random) : marks
}

function nest(value: unknown, random: Random): unknown {
  const type = random.pick(TYPES)
  let inside: unknown = value ?? { type: 'text', text: hostileText(random) }
  for (let left = random.chance(0.05) ? random.below(400) : random.below(8); left > 0; left -= 1) {
    inside = { type, content: [inside] }
  }
  return inside
}
