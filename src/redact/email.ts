/** E-mail addresses, plain and written for people (`jean (at) example.org`). */
import { disjoint, type Finding } from './finding.ts'

const LOCAL_END = /[\p{L}\p{N}\p{M}._%+'-]{1,64}$/u
const DOMAIN =
  /(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}(?:xn--[a-z\d-]{2,40}|\p{L}{2,24})(?![\p{L}\p{N}])/uy
/** `logo@2x.png` is a file. */
const FILE = /\.(?:png|jpe?g|gif|svg|webp|avif|bmp|ico|tiff?|css|m?js|json|html?|xml|pdf)$/i
const SPELT =
  /(?<![\p{L}\p{N}])[\p{L}\p{N}][\p{L}\p{N}._+-]{0,63} {0,2}(?:[([{<] ?(?:at|arobase|arobas|chez|@) ?[)\]}>]| (?:arobase|arobas|AT) | ?@[ \n]?) {0,2}([\p{L}\p{N}-]{1,63}(?:(?: ?[([{] ?(?:dot|point|\.) ?[)\]}] ?| (?:dot|point|DOT) |\.)[\p{L}\p{N}-]{1,63}){1,4})(?![\p{L}\p{N}])/gu

/** `jean at orange dot fr`: nobody says both words of anything else. */
const SAID =
  /(?<![\p{L}\p{N}])[\p{L}\p{N}][\p{L}\p{N}._+-]{0,63} at [\p{L}\p{N}-]{1,63}(?: dot [\p{L}\p{N}-]{2,63}){1,3}(?![\p{L}\p{N}])/giu
/** Where everybody knows what comes behind it, people leave it out. */
const PROVIDER =
  /(?<![\p{L}\p{N}])[\p{L}\p{N}][\p{L}\p{N}._+-]{0,63}@(?:gmail|googlemail|hotmail|outlook|yahoo|icloud|orange|wanadoo|sfr|laposte|protonmail)(?![\p{L}\p{N}_-]|\.[\p{L}\p{N}])/giu

/** What every address in words has somewhere: most texts have none of it, and are not searched further. */
const HINT = /@|arobas|[([{<] ?(?:at|chez) ?[)\]}>]| at | AT /iu

export function findEmails(text: string): readonly Finding[] {
  if (!HINT.test(text)) return []
  const findings: Finding[] = []
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const found = around(text, at)
    if (found !== null) findings.push(found)
  }
  const said = text.includes(' dot ') || text.includes(' DOT ') ? text.matchAll(SAID) : []
  const others = [...said, ...(text.includes('@') ? text.matchAll(PROVIDER) : [])].map(({ index, 0: whole }) => ({
    start: index,
    end: index + whole.length,
    value: whole.replace(' at ', '@').replaceAll(' dot ', '.').toLowerCase(),
  }))
  return disjoint([...findings, ...findSpelt(text), ...others])
}

function around(text: string, at: number): Finding | null {
  const local = LOCAL_END.exec(text.slice(Math.max(0, at - 64), at))?.[0].replace(/^[^\p{L}\p{N}]+/u, '') ?? ''
  DOMAIN.lastIndex = at + 1
  const domain = DOMAIN.exec(text)?.[0] ?? ''
  if (local === '' || domain === '' || FILE.test(domain)) return null
  const end = at + 1 + domain.length
  if (isRepository(text, local, end)) return null
  return { start: at - local.length, end, value: `${local}@${domain}`.toLowerCase() }
}

/** `git@github.com:team/project.git` names a place, not a person. */
function isRepository(text: string, local: string, end: number): boolean {
  return local === 'git' && /[:/]/.test(text[end] ?? '')
}

function findSpelt(text: string): readonly Finding[] {
  return [...text.matchAll(SPELT)].flatMap((match) => {
    const [whole, domain = ''] = match
    const value = whole
      .replace(/[([{<)\]}>]/g, ' ')
      .replace(/ +(?:at|arobase|arobas|chez) +/i, '@')
      .replace(/ +(?:dot|point) +/gi, '.')
      .replace(/ /g, '')
      .toLowerCase()
    const isAddress = /^[^@]+@[^@]+\.\p{L}{2,24}$/u.test(value) && !FILE.test(domain) && !value.startsWith('git@')
    return isAddress ? [{ start: match.index, end: match.index + whole.length, value }] : []
  })
}
