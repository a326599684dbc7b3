/** `ac:emoticon`: the character that Confluence draws. */
import type { Element } from './tree.ts'

const CHARACTERS: ReadonlyMap<string, string> = new Map([
  ['smile', '🙂'],
  ['sad', '🙁'],
  ['cheeky', '😛'],
  ['laugh', '😀'],
  ['wink', '😉'],
  ['thumbs-up', '👍'],
  ['thumbs-down', '👎'],
  ['information', 'ℹ️'],
  ['tick', '✅'],
  ['check_mark', '✅'],
  ['cross', '❌'],
  ['cross_mark', '❌'],
  ['warning', '⚠️'],
  ['plus', '➕'],
  ['minus', '➖'],
  ['question', '❓'],
  ['question_mark', '❓'],
  ['exclamation', '❗'],
  ['exclamation_mark', '❗'],
  ['light-on', '💡'],
  ['light_bulb_on', '💡'],
  ['light-off', '💡'],
  ['yellow-star', '⭐'],
  ['red-star', '⭐'],
  ['green-star', '⭐'],
  ['blue-star', '⭐'],
  ['heart', '❤️'],
  ['broken-heart', '💔'],
])

/**
 * The author's own fallback character first: new pages give every emoji the name `blue-star`. Atlassian's own emoji
 * have a `:name:` there, which the table may know.
 */
export function emoticon(element: Element): string {
  const { attributes } = element
  const fallback = attributes.get('ac:emoji-fallback') ?? ''
  const short = attributes.get('ac:emoji-shortname') ?? ''
  const name = attributes.get('ac:name') ?? ''
  if (fallback !== '' && !fallback.startsWith(':')) return fallback
  const word = (fallback || short).replaceAll(':', '')
  if (word !== '') return CHARACTERS.get(word) ?? `:${word}:`
  return CHARACTERS.get(name) ?? (name === '' ? '' : `:${name}:`)
}
