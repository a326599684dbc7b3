/** YAML text to plain values, with the line of every key so that messages can point at it. */
import { constructFromEvents, EVENT_ID, type Event, getScalarValue, parseEvents, YAMLException } from 'js-yaml'
import { UnsiloError } from '../core/errors.ts'

export interface YamlFile {
  readonly value: unknown
  /** From a dotted key path to the key's line, counted from 1. */
  readonly lines: ReadonlyMap<string, number>
}

const MAX_BYTES = 1_000_000
const MAX_DEPTH = 50
/** Enough to share a few lists between sources, too few for a bomb to unfold into much. */
const MAX_ALIASES = 20
const MAX_VALUES = 100_000

/**
 * One YAML 1.2 document: no dates, no tags but the core ones, no repeated key. The parser's own message is not passed
 * on whole, because it quotes the line, which may hold a secret.
 */
export function parseYaml(text: string, file: string): YamlFile {
  if (text.length > MAX_BYTES) throw invalid(`${file}: is larger than ${MAX_BYTES} characters`)
  const { events, value } = parse(text, file)
  if (countValues(value) > MAX_VALUES) throw invalid(`${file}: its aliases unfold to more than ${MAX_VALUES} values`)
  return { value, lines: keyLines(text, events) }
}

function parse(text: string, file: string): { events: Event[]; value: unknown } {
  try {
    const events = parseEvents(text, { maxDepth: MAX_DEPTH })
    const documents = constructFromEvents(events, { source: text, maxAliases: MAX_ALIASES })
    if (documents.length > 1) throw invalid(`${file}: holds ${documents.length} YAML documents, one is expected`)
    return { events, value: documents[0] ?? null }
  } catch (thrown) {
    if (thrown instanceof YAMLException) throw invalid(yamlMessage(thrown, file))
    throw thrown
  }
}

function yamlMessage({ reason, mark }: YAMLException, file: string): string {
  return `${file}${mark === undefined ? '' : `:${mark.line + 1}`}: is not valid YAML: ${reason.replaceAll(/"[^"]*"/g, '"…"')}`
}

function invalid(message: string): UnsiloError {
  return new UnsiloError('CONFIG_INVALID', message, { hint: 'Correct the file; nothing was read or changed.' })
}

/** Aliases make one value stand in several places: counted as often as a walk would meet it, up to the limit. */
function countValues(root: unknown): number {
  const left = [root]
  let count = 0
  while (left.length > 0 && count <= MAX_VALUES) {
    const value = left.pop()
    count += 1
    if (value !== null && typeof value === 'object') for (const item of Object.values(value)) left.push(item)
  }
  return count
}

interface Place {
  readonly path: string
  /** A mapping's pending key; null when the next scalar is a key. */
  key: string | null
  /** A sequence's next index; null for a mapping. */
  index: number | null
}

function keyLines(text: string, events: readonly Event[]): ReadonlyMap<string, number> {
  const lines = new Map<string, number>()
  const lineAt = lineCounter(text)
  const places: Place[] = []
  for (const event of events) {
    const place = places.at(-1)
    if (event.type === EVENT_ID.DOCUMENT) places.push({ path: '', key: '', index: null })
    else if (event.type === EVENT_ID.POP) places.pop()
    else if (event.type === EVENT_ID.SCALAR && place?.key === null && place.index === null) {
      place.key = getScalarValue(text, event)
      lines.set(join(place.path, place.key), lineAt(event.valueStart))
    } else {
      const path = takePath(place)
      const isMapping = event.type === EVENT_ID.MAPPING
      if (isMapping || event.type === EVENT_ID.SEQUENCE) places.push({ path, key: null, index: isMapping ? null : 0 })
    }
  }
  return lines
}

function takePath(place: Place | undefined): string {
  if (place === undefined) return ''
  if (place.index !== null) return join(place.path, String(place.index++))
  const path = join(place.path, place.key ?? '')
  place.key = null
  return path
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}

/** Offsets must not go down. */
function lineCounter(text: string): (offset: number) => number {
  let line = 1
  let position = 0
  return (offset) => {
    for (; position < offset; position++) if (text.charCodeAt(position) === 10) line += 1
    return line
  }
}
