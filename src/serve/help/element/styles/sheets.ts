/** The styles of the element, in the order in which they override one another. */
import article from './article.css'
import cards from './cards.css'
import devices from './devices.css'
import ground from './ground.css'
import lists from './lists.css'
import top from './top.css'

export function sheets(): CSSStyleSheet[] {
  return [ground, top, lists, article, cards, devices].map((text) => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(text)
    return sheet
  })
}
