/** Text of which parts are marked. */
import { partsOf } from '../marks.ts'

export function Marked({ text, ranges }: { readonly text: string; readonly ranges: readonly (readonly number[])[] }) {
  return <>{partsOf(text, ranges).map((part, at) => (part.isMarked ? <mark key={at}>{part.text}</mark> : part.text))}</>
}
