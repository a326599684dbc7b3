/** What a part of `npm run torture` is: one kind of harm, done in rounds, and what was seen of it. */

export interface PartOptions {
  readonly seed: number
  /** How often the harm is done; what one round is, a part says itself. */
  readonly rounds: number
  /** The whole torture is to end within 50 s: what does not grow with the rounds is to be small too. */
  readonly quick: boolean
  /** Whether times are judged: not in `npm test`, which runs on machines that are busy. */
  readonly timed: boolean
  /** Progress, a line at a time. */
  readonly log: (line: string) => void
}

export interface PartReport {
  /** By what they say, in the order in which they are shown. */
  readonly figures: Readonly<Record<string, number | string>>
  /** Targets that were missed, each with how far and with what shows it again. */
  readonly missed: readonly string[]
}

export interface Part {
  readonly name: string
  /** Unless told otherwise; `test` is for `npm test`, and takes a second or two. */
  readonly rounds: { readonly full: number; readonly quick: number; readonly test: number }
  /** It measures time or memory, or keeps all cores busy: nothing else runs beside it. */
  readonly alone?: true
  run(options: PartOptions): Promise<PartReport>
}
