/** The lists that are open at a place of the page, each inside an item of the one before it. */
import type { Glyph } from './lists.ts'

interface OpenList {
  readonly listId: string
  readonly level: number
  readonly ordered: boolean
}

export interface OpenLists {
  /** The tags before the item's text. Its end is written when the next item, or the end, comes. */
  item(listId: string, level: number, glyph: Glyph): string
  /** The tags that close everything. */
  end(): string
}

export function openLists(): OpenLists {
  const open: OpenList[] = []

  function close(stays: (list: OpenList) => boolean): string {
    let html = ''
    for (let last = open.at(-1); last !== undefined && !stays(last); last = open.at(-1)) {
      html += `</li></${nameOf(last)}>`
      open.pop()
    }
    return html
  }

  return {
    item(listId, level, { ordered, number }) {
      const closed = close(
        (list) => list.level < level || (list.level === level && list.listId === listId && list.ordered === ordered),
      )
      if (open.at(-1)?.level === level) return `${closed}</li><li>`
      const list = { listId, level, ordered }
      open.push(list)
      return `${closed}<${nameOf(list)}${ordered ? ` start="${number}"` : ''}><li>`
    },
    end: () => close(() => false),
  }
}

function nameOf({ ordered }: OpenList): string {
  return ordered ? 'ol' : 'ul'
}
