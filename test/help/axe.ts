/** What axe-core finds wrong for people who hear, magnify or tap with difficulty: every rule it has, its experiments aside, targets of 24 px included. */
import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** One line a violation. Axe is put in by the browser's tools, so the page's policy stays as it is. */
export async function violationsOf(page: Page): Promise<readonly string[]> {
  const session = await page.context().newCDPSession(page)
  await session.send('Runtime.evaluate', { expression: axe.source })
  await session.detach()
  return await page.evaluate(async () => {
    const { violations } = await (globalThis as unknown as { axe: typeof import('axe-core') }).axe.run({
      rules: { 'target-size': { enabled: true } },
    })
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id} at ${JSON.stringify(target)}`))
  })
}
