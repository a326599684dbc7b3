/**
 * Documents with a word planted in each that some may not read, and questions that try to bring such a word out: for
 * showing that what is hidden leaves no trace. The same documents give the same each time.
 */

import { type Access, canRead, type Principal } from '../../core/access.ts'
import type { Head, Kind, StoredDocument } from '../../core/document.ts'
import { sha256 } from '../../core/ids.ts'
import { mulberry32 } from './significance.ts'

export interface Planted {
  readonly source: string
  /** Its id is prefixed. */
  readonly head: Head
  readonly markdown: string
  /** In its title, text, path, labels and address; null: everybody may read it. */
  readonly token: string | null
}

/** What a door is asked. Those that take one of them only take it. */
export interface Probe {
  readonly text: string
  readonly id: string
  readonly source: string
  readonly label: string
  readonly kind: Kind
  readonly locale: string
  readonly path: readonly string[]
}

const A = 'group:planted-a'
const B = 'group:planted-b'
const X = 'user:planted-x'
const INVENTED: readonly Access[] = [[A], [B], [A, X], [B, X], []]
const LETTERS = 'abcdefghijklmnop'
const TOKEN_LENGTH = 14

/** What the index holds, and every second of what anybody may read restricted to somebody invented. */
export function planted(documents: readonly StoredDocument[]): readonly Planted[] {
  return documents.map(({ source, head, markdown }, at) => {
    const access =
      head.access === 'public' && at % 2 === 1 ? (INVENTED[(at >> 1) % INVENTED.length] ?? []) : head.access
    if (access === 'public') return { source, head: { ...head, access }, markdown, token: null }
    const token = tokenOf(head.id)
    return { source, head: withToken({ ...head, access }, token), markdown: textWith(markdown, token), token }
  })
}

/** Who asks: nobody, strangers, the invented ones, and those that the documents name most. */
export function askers(documents: readonly Planted[], most: number): readonly (readonly Principal[])[] {
  const named = new Map<Principal, number>()
  for (const { head } of documents) {
    if (head.access !== 'public') for (const one of head.access) named.set(one, (named.get(one) ?? 0) + 1)
  }
  const known = [...named].sort((a, b) => b[1] - a[1]).map(([principal]): readonly Principal[] => [principal])
  const invented: readonly (readonly Principal[])[] = [
    [],
    [A],
    [B],
    [X],
    [A, B],
    [A, X],
    ['user:planted-stranger'],
    [B, X],
  ]
  const all = new Map([...invented, ...known].map((as) => [as.join(' '), as]))
  return [...all.values()].slice(0, most)
}

export function mayRead({ head }: Planted, as: readonly Principal[]): boolean {
  return canRead(head.access, as)
}

/** So many, of which most go for documents that the asker may not read. */
export function probes(documents: readonly Planted[], as: readonly Principal[], count: number): readonly Probe[] {
  const hidden = documents.filter((document) => !mayRead(document, as))
  const random = mulberry32(Number.parseInt(sha256(as.join(' ')).slice(0, 7), 16))
  const pick = <T>(from: readonly T[]): T | undefined => from[Math.floor(random() * from.length)]
  return Array.from({ length: count }, (_, at) => {
    const aimed = (at % 4 === 3 ? pick(documents) : pick(hidden)) ?? pick(documents)
    const other = pick(documents)
    const token = aimed?.token ?? aimed?.head.title ?? ''
    return {
      text: textOf(at, token, aimed?.head.title ?? '', other?.head.title ?? '', random),
      id: aimed?.head.id ?? '',
      source: aimed?.source ?? '',
      label: token,
      kind: aimed?.head.kind ?? 'page',
      locale: aimed?.head.locale ?? 'en',
      path: at % 3 === 0 ? [] : (aimed?.head.path.slice(0, at % 3 === 1 ? 1 : undefined) ?? []),
    }
  })
}

/** The word, what it begins with, the word misspelt, what stands around it, and questions for something else. */
function textOf(at: number, token: string, title: string, other: string, random: () => number): string {
  const cut = 2 + Math.floor(random() * (token.length - 2))
  switch (at % 8) {
    case 0:
      return token
    case 1:
      return token.slice(0, cut)
    case 2:
      return token.slice(0, cut) + token.slice(cut + 1)
    case 3:
      return `${other} ${token.slice(0, cut)}`
    case 4:
      return title
    case 5:
      return `${token} ${other}`
    case 6:
      return title.slice(0, Math.max(3, cut))
    default:
      return other
  }
}

/** Letters only, since words with digits are not taken for others. */
function tokenOf(id: string): string {
  return [...sha256(`planted ${id}`).slice(0, TOKEN_LENGTH)]
    .map((digit) => LETTERS[Number.parseInt(digit, 16)])
    .join('')
}

function withToken(head: Head, token: string): Head {
  return {
    ...head,
    title: `${head.title} ${token}`,
    url: `https://planted.example/${token}`,
    path: [...head.path, token],
    labels: [...(head.labels ?? []), token],
  }
}

function textWith(markdown: string, token: string): string {
  return `${markdown.trimEnd()}\n\n## About ${token}\n\nThe planted word is ${token}.\n`
}
