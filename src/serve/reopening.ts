/** The index of a process that runs on while others replace its file, as a repair or a restored copy does. */
import { UnsiloError } from '../core/errors.ts'
import type { Store } from '../core/store.ts'

/**
 * Reads from what `open` opened, and once its file was replaced from what `open` opens anew: the question is asked anew
 * then, once. Where nothing can be opened, each question tries again.
 */
export async function reopening(open: () => Promise<Store>): Promise<Store> {
  const first = await open()
  let current: Promise<Store> | null = Promise.resolve(first)

  function opened(): Promise<Store> {
    current ??= open().catch((thrown) => {
      current = null
      throw thrown
    })
    return current
  }

  async function ask(name: keyof Store, values: readonly unknown[]): Promise<unknown> {
    const asked = opened()
    try {
      return await call(await asked, name, values)
    } catch (thrown) {
      if (!isReplaced(thrown)) throw thrown
      if (current === asked) {
        current = null
        await (await asked).close()
      }
      return await call(await opened(), name, values)
    }
  }

  const names = Object.keys(first) as (keyof Store)[]
  return Object.fromEntries(
    names.map((name) => [name, (...values: unknown[]) => ask(name, values)]),
  ) as unknown as Store
}

function call(store: Store, name: keyof Store, values: readonly unknown[]): unknown {
  return (store[name] as (...given: readonly unknown[]) => unknown)(...values)
}

function isReplaced(thrown: unknown): boolean {
  return thrown instanceof UnsiloError && thrown.code === 'LOCKED'
}
