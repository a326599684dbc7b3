/** Documents that somebody changed behind the index's back. */
import { documentKey, keyOf } from '../../src/indexes/opensearch/stored.ts'
import type { Part } from '../conformance/remote-damage.ts'
import { askNode, nameIn } from './remote.ts'

interface Raw {
  [field: string]: unknown
  chunks: Record<string, unknown>[]
}

const DOCUMENT = documentKey('docs:2')
const SOURCE = keyOf('source', 'docs')

const CHANGES: Readonly<Record<Part, readonly [key: string, change: (raw: Raw) => object]>> = {
  'a text': [DOCUMENT, () => ({ markdown: 'other' })],
  'a head': [DOCUMENT, ({ head }) => ({ head: String(head).replace('"public"', '[]') })],
  passages: [DOCUMENT, (raw) => ({ chunks: [{ ...raw.chunks[0], text: 'other' }] })],
  words: [DOCUMENT, (raw) => ({ chunks: [{ ...raw.chunks[0], words: 'AAAAAAAAAAA=' }] })],
  'a passage too few': [DOCUMENT, () => ({ chunks: [] })],
  'who may read it': [DOCUMENT, () => ({ principals: ['group:staff'] })],
  'how far a source was read': [SOURCE, () => ({ cursor: '8' })],
}

export async function change(location: string, part: Part): Promise<void> {
  const [key, changed] = CHANGES[part]
  const path = `/${nameIn(location)}/_doc/${key}`
  const { _source, _version } = await askNode<{ _source: Raw; _version: number }>(location, 'GET', path)
  const version = `version=${_version}&version_type=external_gte&refresh=true`
  await askNode(location, 'PUT', `${path}?${version}`, { ..._source, ...changed(_source) })
}
