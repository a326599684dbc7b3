/** Every connector with each of its providers, as a source that can be tortured. */
import { startConfluence } from './confluence.ts'
import { startGoogleDocs } from './google-docs.ts'
import { startIntercomHelp } from './help-center-intercom.ts'
import { startZendeskHelp } from './help-center-zendesk.ts'
import type { TorturedSource } from './source.ts'
import { startIntercomTickets } from './tickets-intercom.ts'
import { startZendeskTickets } from './tickets-zendesk.ts'

/** By the name that a configuration gives it. */
export const sources: Readonly<Record<string, () => Promise<TorturedSource>>> = {
  cloud: () => startConfluence('cloud'),
  'data-center': () => startConfluence('data-center'),
  docs: startGoogleDocs,
  'intercom-help': startIntercomHelp,
  'zendesk-help': startZendeskHelp,
  'intercom-tickets': startIntercomTickets,
  'zendesk-tickets': startZendeskTickets,
}
