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

export function emoticon({ attributes }: Element): string {
  const fallback = attributes.get('ac:emoji-fallback') ?? ''
  const short = attributes.get('ac:emoji-shortname') ?? ''
  return emojiOf(fallback || short) || emojiOf(attributes.get('ac:name') ?? '')
}

/**
 * A character stays, a `:name:` becomes one where the table knows it. The author's own fallback goes first: new pages
 * give every emoji the name `blue-star`.
 */
export function emojiOf(written: string): string {
  const name = /^:?([\w+-]+):?$/.exec(written)?.[1]
  return name === undefined ? written : (CHARACTERS.get(name) ?? `:${name}:`)
}
