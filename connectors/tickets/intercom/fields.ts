/** Attributes of a conversation or ticket that the configuration names. */
import { type Field, LONGEST_VALUE } from '../thread.ts'

export function fieldsOf(
  attributes: Readonly<Record<string, unknown>> | null | undefined,
  names: readonly string[],
): readonly Field[] {
  return names.flatMap((name) => {
    const value = attributes && Object.hasOwn(attributes, name) ? attributes[name] : undefined
    const text = ['string', 'number', 'boolean'].includes(typeof value) ? String(value).trim() : ''
    return text === '' || text.length > LONGEST_VALUE ? [] : [{ name, value: text }]
  })
}
