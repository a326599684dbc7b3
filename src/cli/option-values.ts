/** Values of options as a person types them, read or refused. */
import { isPrincipal, type Principal } from '../core/access.ts'
import { KINDS, type Kind } from '../core/document.ts'
import { UnsiloError } from '../core/errors.ts'

/** Who asks when `--as` is not given: the person at this keyboard can read the index's file anyway. */
export const DEFAULT_AS: readonly Principal[] = ['group:staff']

/** `--as` values: repeated or comma separated; `public` alone is a reader without a name. */
export function principals(values: readonly string[]): readonly Principal[] {
  const names = listed(values)
  if (names.length === 0) return DEFAULT_AS
  return names.filter((name) => name !== 'public').map(principal)
}

/** `--kind` values, as `listed` has them. */
export function kindsOf(values: readonly string[]): readonly Kind[] {
  return listed(values).map((name) => {
    const kind = KINDS.find((known) => known === name)
    if (kind !== undefined) return kind
    throw new UnsiloError('USAGE', `--kind takes ${KINDS.join(', ')}, not ${JSON.stringify(name)}`)
  })
}

/** The same where nobody is meant who is not named: a client that asks by itself reads what is public. */
export function principalsOrPublic(values: readonly string[]): readonly Principal[] {
  return listed(values).length === 0 ? [] : principals(values)
}

/** Repeated and comma separated values as one list. */
export function listed(values: readonly string[]): readonly string[] {
  return values.flatMap((value) => value.split(',')).flatMap((name) => (name.trim() === '' ? [] : [name.trim()]))
}

export function wholeNumber(option: string, least: number): (text: string) => number {
  return (text) => {
    const number = Number(text)
    if (/^\d{1,9}$/.test(text) && number >= least) return number
    throw new UnsiloError('USAGE', `${option} takes a whole number of at least ${least}, not ${JSON.stringify(text)}`)
  }
}

/** `90s`, `45m`, `2h` or several of them: milliseconds. */
export function milliseconds(option: string): (text: string) => number {
  return (text) => {
    const [, hours = 0, minutes = 0, seconds = 0] = /^(?:(\d{1,4})h)?(?:(\d{1,5})m)?(?:(\d{1,6})s)?$/.exec(text) ?? []
    const total = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000
    if (total > 0) return total
    throw new UnsiloError('USAGE', `${option} takes a duration such as 90s, 45m or 2h, not ${JSON.stringify(text)}`)
  }
}

function principal(name: string): Principal {
  if (isPrincipal(name)) return name
  throw new UnsiloError('USAGE', `--as takes group:NAME, user:NAME or public, not ${JSON.stringify(name)}`, {
    hint: 'For example --as group:customers, or --as user:ana@example.com,group:staff.',
  })
}
