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

  /** Also where the file is gone: nothing is opened to be closed. */
  async function close(): Promise<void> {
    const last = current
    current = null
    const store = await last?.catch(() => null)
    await store?.close()
  }

  const names = Object.keys(first) as (keyof Store)[]
  const asking = names.map((name) => [name, (...values: unknown[]) => ask(name, values)])
  return { ...Object.fromEntries(asking), close } as Store
}

function call(store: Store, name: keyof Store, values: readonly unknown[]): unknown {
  return (store[name] as (...given: readonly unknown[]) => unknown)(...values)
}

function isReplaced(thrown: unknown): boolean {
  return thrown instanceof UnsiloError && thrown.code === 'LOCKED'
}
