/** What is wrong with a state of the Help space, for anybody who comes to it. */
import type { Page } from 'playwright-core'
import { violationsOf } from './axe.ts'
import { openPage } from './opened.ts'
import type { Stage } from './stage.ts'
import type { State } from './states.ts'

/** One line each: what axe finds, what broke the policy, what is wider than the screen. */
export async function wrongsOf({ browser, site }: Stage, state: State): Promise<readonly string[]> {
  const { page, wrongs, close } = await openPage(browser, `${site.url}/help`, state.device)
  try {
    await state.come(page)
    return [...(await violationsOf(page)), ...wrongs, ...(await overflow(page))]
  } catch (thrown) {
    return [`it was not reached: ${String(thrown).split('\n')[0]}`]
  } finally {
    await close()
  }
}

async function overflow(page: Page): Promise<readonly string[]> {
  return await page.locator('.scroller').evaluate(({ scrollWidth, clientWidth }) => {
    return scrollWidth > clientWidth ? [`${scrollWidth - clientWidth} px wider than the screen`] : []
  })
}
