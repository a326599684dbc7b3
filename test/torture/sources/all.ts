/** Every connector with each of its providers, as a source that can be tortured. */
import { startConfluence } from './confluence.ts'
import { startGoogleDocs } from './google-docs.ts'
import { startIntercomHelp } from './help-center-intercom.ts'
import { startZendeskHelp } from './help-center-zendesk.ts'
import type { TorturedSource } from './source.ts'
import { startIntercomTickets } from './tickets-intercom.ts'
import { startZendeskTickets } from './tickets-zendesk.ts'

/** By the name that a configuration gives it; people add to it until it has so many documents. */
export const sources: Readonly<Record<string, (most?: number) => Promise<TorturedSource>>> = {
  cloud: (most) => startConfluence('cloud', most),
  'data-center': (most) => startConfluence('data-center', most),
  docs: startGoogleDocs,
  'intercom-help': startIntercomHelp,
  'zendesk-help': startZendeskHelp,
  'intercom-tickets': startIntercomTickets,
  'zendesk-tickets': startZendeskTickets,
}
