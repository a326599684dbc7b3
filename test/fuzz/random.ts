/** Seeded chance: the same seeds give the same choices on every machine. */

export interface Random {
  /** 0 to `end - 1`; 0 where `end` is less than 1. */
  below(end: number): number
  chance(share: number): boolean
  /** Of a list that is not empty. */
  pick<T>(list: readonly T[]): T
}

export function randomFrom(...seeds: readonly number[]): Random {
  let state = 0x9e3779b9
  for (const seed of seeds) state = mixed(state ^ mixed(seed + 0x7f4a7c15))

  function next(): number {
    state = (state + 0x6d2b79f5) | 0
    return mixed(state) / 2 ** 32
  }

  function below(end: number): number {
    return Math.floor(next() * Math.max(1, end))
  }

  return {
    below,
    chance: (share) => next() < share,
    pick<T>(list: readonly T[]): T {
      return list[below(list.length)] as T
    },
  }
}

/** The finalizer of MurmurHash3: https://github.com/aappleby/smhasher/wiki/MurmurHash3 */
function mixed(value: number): number {
  let hash = value | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
