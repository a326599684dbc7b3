/**
 * Help centers. Every run lists all articles, whose bodies are in the listing: what changed shows in a hash of the body,
 * what was deleted in its absence. See README.md for set-up and costs.
 */
import { z } from 'zod'
import type { Change, Connector, PullContext } from '../../src/core/connector.ts'
import type { Pulled } from './articles.ts'
import { type HelpCenterConfig, helpCenterConfig } from './config.ts'
import { pullIntercom } from './intercom/pull.ts'
import { pullZendesk } from './zendesk/pull.ts'

export { type HelpCenterConfig, helpCenterConfig } from './config.ts'

/** Nothing: the listing is read anew each time. */
const helpCenterCursor = z.strictObject({})

export type HelpCenterCursor = z.infer<typeof helpCenterCursor>

export const helpCenter: Connector<HelpCenterConfig, HelpCenterCursor> = {
  name: 'help-center',
  level: 'public',
  config: helpCenterConfig,
  cursor: helpCenterCursor,
  pull,
}

async function* pull(context: PullContext<HelpCenterConfig>): AsyncGenerator<Change<HelpCenterCursor>> {
  yield { type: 'begin' }
  const { changes, receipt, notes } = await pullProvider(context)
  yield* changes
  yield { type: 'checkpoint', cursor: {}, receipt, ...(notes !== null && { notes }) }
}

function pullProvider({ config, ...context }: PullContext<HelpCenterConfig>): Promise<Pulled> {
  return config.provider === 'intercom' ? pullIntercom({ ...context, config }) : pullZendesk({ ...context, config })
}
