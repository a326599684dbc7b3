/** Documents that change between publications, and what of them an audience that is everybody may read. */
import type { Random } from '../../fuzz/random.ts'
import type { Page } from '../pages.ts'

export interface World {
  /** Some documents change: their text, who may read them, whether they are there. */
  change(): void
  pages(): readonly Page[]
  /** Titles of what the public may read, with a word that only the text of today has. */
  readable(): ReadonlyMap<string, string>
}

const COUNT = 8

export function createWorld(random: Random): World {
  const documents = Array.from({ length: COUNT }, (_, at) => ({
    id: `d${at}`,
    edition: 1,
    isOpen: true,
    isThere: true,
  }))
  const wordOf = ({ id, edition }: { readonly id: string; readonly edition: number }) => `edition${edition}of${id}`
  return {
    change() {
      for (let left = 1 + random.below(4); left > 0; left -= 1) {
        const document = random.pick(documents)
        const what = random.below(4)
        if (what < 2) document.edition += 1
        else if (what === 2) document.isOpen = !document.isOpen
        else document.isThere = !document.isThere
      }
    },
    pages: () =>
      documents
        .filter(({ isThere }) => isThere)
        .map((document) => ({
          ...{ id: document.id, title: `Title of ${document.id}`, markdown: `It says ${wordOf(document)}.\n` },
          ...{ locale: 'en', access: document.isOpen ? 'public' : ['group:staff'] },
        })),
    readable: () =>
      new Map(
        documents
          .filter(({ isThere, isOpen }) => isThere && isOpen)
          .map((document) => [`Title of ${document.id}`, wordOf(document)]),
      ),
  }
}
