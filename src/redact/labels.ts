/** What the words in front of a number say that it is. */

const REACH = 48
/** Rows of numbers have no words between them, and are long. */
const SAYS_ANYTHING = /[\p{L}#§°]/u
/** Words and signs that may stand between a label and its number. */
const FILLER =
  "(?:[\\s:#=°.,()\\[\\]\"'`*_/|>-]|\\b(?:n°|no|nr|num|num[ée]ro|number|nbr|id|is|are|est|was|le|la|the|my|ma|mon|votre|your|notre|our|de|du|d'|of|client|customer|suivant|following)(?![\\p{L}\\d])){0,12}$"

/** A test of whether one of the words, a regular expression's alternatives, labels what starts at an offset. */
export function labelled(words: string): (text: string, at: number) => boolean {
  const pattern = new RegExp(`(?<![\\p{L}\\d])(?:${words})${FILLER}`, 'iu')
  return (text, at) => {
    const before = text.slice(Math.max(0, at - REACH), at)
    return SAYS_ANYTHING.test(before) && pattern.test(before)
  }
}

/** Numbers that belong to things. */
export const isThingLabel = labelled(
  '#|n°|commandes?|orders?|order[ _-]?(?:id|no|number)|tickets?|cases?|dossiers?|factures?|invoices?|devis|quotes?|r[ée]f|r[ée]f[ée]rences?|colis|parcel|tracking|suivi|exp[ée]dition|shipment|contrats?|contracts?|s[ée]rie|serial|sn|s/n|sku|ean|upc|isbn|gtin|imei|lot|batch|transactions?|id|uuid|build|version|timestamp|horodatage|compteur|counter',
)

/** Numbers at which somebody can be reached. */
export const isPhoneLabel = labelled(
  't[ée]l|t[ée]l[ée]phone|t[ée]l[ée]phonique|phone|telephone|mobile|portable|port|fixe|cell|cellphone|fax|t[ée]l[ée]copie|gsm|whatsapp|signal|sms|call|call (?:me|us|him|her)(?: back)?(?: at| on)?|reach(?: me| us| him| her)?(?: at| on)?|text(?: me)?(?: at| on)?|ring(?: me)?(?: on)?|dial|appel|appeler|appelez|appelez-moi(?: au)?|rappel|rappeler|rappelez|rappelez-moi(?: au)?|joindre(?: au)?|joignable(?: au)?|contacter(?: au)?',
)

/** Versions and section numbers look like IP addresses. */
export const isVersionLabel = labelled(
  'v|ver|version|versions|release|build|firmware|firmwares|microcode|sdk|section|sections|chapitre|chapter|article|clause|annexe|appendix|§|paragraphe|paragraph|pilote|driver|patch|mise à jour|update|upgraded to|upgrade to|passer à|from|chrome|firefox|safari|edge|windows|ios|android|macos|étape|step|java|python|node|oid|app|apps|application|appli|plugin|extension|module|client|kernel|php|mysql|postgres(?:ql)?|nginx|wordpress|prestashop|magento|shopify|android studio|framework|biblioth[èe]que|library|package|paquet',
)
