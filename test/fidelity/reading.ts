/** What somebody reads on a page, and how its parts are gathered while walking it. */

export interface Reading {
  /** All visible text, blocks apart from each other. */
  readonly text: string
  /** `2 Setup` */
  readonly headings: readonly string[]
  /** Each item's own text, without the lists inside it. Lists in table cells are the cell's text. */
  readonly items: readonly string[]
  /**
   * Texts of cells that hold any, without the cells of tables inside them. A table of one cell is a box around its text,
   * not a table.
   */
  readonly cells: readonly string[]
  /** Language, a line break, the text byte for byte but for the line breaks at its edges, which the page does not draw. */
  readonly code: readonly string[]
  readonly links: readonly string[]
  readonly images: readonly string[]
}

type Part = 'heading' | 'item' | 'cell'

export interface Collector {
  text(text: string): void
  /** Words before and after it are not one word. */
  gap(): void
  within(part: Part, walk: () => void, prefix?: string): void
  isInCell(): boolean
  code(text: string, language: string): void
  link(target: string): void
  image(source: string): void
  reading(): Reading
}

export function createCollector(): Collector {
  const all: string[] = []
  const open: { readonly part: Part; readonly texts: string[] }[] = []
  const found = { heading: [] as string[], item: [] as string[], cell: [] as string[] }
  const code: string[] = []
  const links: string[] = []
  const images: string[] = []

  function add(text: string): void {
    all.push(text)
    for (const { part, texts } of open.toReversed()) {
      texts.push(text)
      if (part !== 'heading') return
    }
  }

  function isInCell(): boolean {
    return open.some(({ part }) => part === 'cell')
  }

  return {
    isInCell,
    text: add,
    gap: () => add(' '),
    within(part, walk, prefix = '') {
      add(' ')
      if (isInCell() && part !== 'cell') {
        walk()
        add(' ')
        return
      }
      const texts: string[] = []
      open.push({ part, texts })
      walk()
      open.pop()
      add(' ')
      const text = squeeze(texts.join(''))
      if (text !== '') found[part].push(`${prefix}${text}`)
    },
    code(text, language) {
      add(` ${text} `)
      const drawn = text.replace(/\r\n?/g, '\n').replace(/^\n/, '').replace(/\n$/, '')
      code.push(`${language}\n${drawn}`)
    },
    link: (target) => void links.push(target),
    image: (source) => void images.push(source),
    reading: () => ({
      text: squeeze(all.join('')),
      headings: found.heading,
      items: found.item,
      cells: found.cell,
      code,
      links,
      images,
    }),
  }
}

/** Whitespace as a reader sees it; what has no width is not seen. */
export function squeeze(text: string): string {
  return text
    .replace(/[\u200B\u200E\u200F\u2060\uFEFF\u00AD]/g, '')
    .replace(/[\s\u00A0]+/g, ' ')
    .trim()
}

export function wordsOf(text: string): readonly string[] {
  return text.normalize('NFC').match(/[\p{L}\p{N}\p{M}_]+|\p{Extended_Pictographic}/gu) ?? []
}

export const BLOCKS = new Set(
  `p div br hr pre blockquote ul ol li dl dt dd table thead tbody tfoot tr td th caption h1 h2 h3 h4 h5 h6 section details
   summary address article aside figure figcaption footer header main nav center`.split(/\s+/),
)
