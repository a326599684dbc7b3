/** How long the steps of an answer took. */

export interface Lap {
  readonly step: string
  readonly ms: number
}

export interface Stopwatch {
  /** Waits for the step's work, which began when the lap before ended. */
  lap<T>(step: string, work: T | Promise<T>): Promise<T>
  readonly laps: readonly Lap[]
}

export function stopwatch(now: () => number): Stopwatch {
  const laps: Lap[] = []
  let since = now()
  return {
    laps,
    async lap(step, work) {
      const done = await work
      const at = now()
      laps.push({ step, ms: at - since })
      since = at
      return done
    },
  }
}
