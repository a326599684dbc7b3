/** What makes a question of words, and tells nothing of what is asked: in a small index no count would say so. */
import { analyse, type Language } from '../analysis/analyse.ts'
import { LANGUAGES } from '../analysis/languages.ts'

const ASKING: Readonly<Partial<Record<Language, string>>> = {
  en: 'how what when where which who whom whose why do does did should would could may might must i me my we our there any a an in on at if or',
  fr: 'comment quoi que quel quelle quels quelles quand où qui pourquoi combien est-ce je puis peut on mon ma mes il elle y a-t-il faut dois en un au ou si de la se faire',
  de: 'wie was wann wo woher wohin welche welcher welches wer wem wen warum wieso ich mir mein meine man muss darf soll kann gibt es an in um ob',
  es: 'cómo qué cuándo dónde cuál cuáles quién quiénes cuánto por puedo debo mi mis se un una de en la si o',
  it: 'come cosa quando dove quale quali chi perché quanto posso devo mio mia si un una in la se o c',
  pt: 'como que quando onde qual quais quem porque quanto posso devo meu minha se um de em a o',
  nl: 'hoe wat wanneer waar welke wie waarom hoeveel kan ik mijn moet mag er is de in of als',
}

/** Their tokens, in these languages: the words above and the most frequent ones of running text. */
export function tellingNothing(languages: readonly Language[]): ReadonlySet<string> {
  return new Set(
    languages.flatMap((language) => {
      const words = [ASKING[language] ?? '', ...LANGUAGES[language].marks].join(' ')
      return analyse(words, language)
    }),
  )
}
