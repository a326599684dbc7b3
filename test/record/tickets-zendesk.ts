/** Tickets at Zendesk, invented, of an invented company. */
import { startZendeskEmulator } from '../emulators/zendesk.ts'
import type { NewComment, SupportModel } from '../emulators/zendesk-support-model.ts'
import type { Steps, Story } from './story.ts'

const NAME = 'ledgerlight-zendesk'
const SITE = 'https://ledgerlight.zendesk.com'
const SECRET = 'not-a-real-secret'

const CONFIG = `sources:
  ${NAME}:
    connector: tickets
    provider: zendesk
    url: ${SITE}
    auth:
      clientId: unsilo
      clientSecret: \${env:ZENDESK_CLIENT_SECRET}
    teams: [Support]
    fields: [Product]
`

/** Everybody here is invented; addresses and numbers are of the ranges that are kept for examples. */
const PAT = 700_001
const NOEL = 700_002
const SAM = 700_003

export const zendeskTicketsStory: Story = {
  connector: 'tickets',
  name: NAME,
  site: SITE,
  start: async () => {
    const client = { id: 'unsilo', secret: SECRET }
    const { url, support, close } = await startZendeskEmulator({ pageSize: 3, client })
    return { url, config: CONFIG, env: { ZENDESK_CLIENT_SECRET: SECRET }, steps: fill(support), close }
  },
}

/** A help desk in two languages; the changes before each further step. */
function fill(support: SupportModel): Steps {
  support.users.clear()
  support.addUser({ id: PAT, name: 'Pat Placeholder', email: 'pat.placeholder@example.org', role: 'end-user' })
  support.addUser({ id: NOEL, name: 'Noël Fictif', email: 'noel.fictif@example.net', role: 'end-user' })
  support.addUser({ id: SAM, name: 'Sam Sample', email: 'sam.sample@ledgerlight.example', role: 'agent' })
  const brandId = support.addBrand('LedgerLight')
  const groupId = support.addGroup('Support')
  const product = support.addField('Product', { scanner: 'Receipt scanner', ledger: 'Ledger' })
  const place = { brandId, groupId }
  const asked = (body: string, authorId = PAT): NewComment => ({ body, authorId, channel: 'email' })
  const replied = (body: string): NewComment => ({ body, authorId: SAM })

  const scanner = support.addTicket({
    ...place,
    subject: 'Receipts are read twice',
    tags: ['scanner'],
    fields: [{ id: product, value: 'scanner' }],
    requesterId: PAT,
    comments: [
      asked(
        '<p>Hello,</p><p>Since Monday the scanner reads each receipt twice. You reach me at +44 20 7946 0018.</p><p>Kind regards,<br>Pat Placeholder</p>',
      ),
      { ...replied('<p>Pat is on the old firmware again.</p>'), isPublic: false },
      { ...replied('<p>Have you tried to turn it off and on again?</p>'), channel: 'api' },
      replied('<p>Hi Pat,</p><p>Which version does the scanner show under Settings, About?</p><p>Sam</p>'),
      asked('<p>It shows 2.4.1.</p>'),
      replied(
        '<p>Hi Pat,</p><p>Version 2.4.1 sends a receipt again when the network is slow. Install 2.4.2 under Settings, Updates, and delete the doubled receipts with Receipts, Find duplicates.</p><p>Best regards,<br>Sam</p>',
      ),
    ],
  })
  const vat = support.addTicket({
    ...place,
    subject: 'Taux de TVA d’une facture',
    fields: [{ id: product, value: 'ledger' }],
    requesterId: NOEL,
    status: 'closed',
    comments: [
      asked(
        '<p>Bonjour,</p><p>Comment changer le taux de TVA d’une facture déjà envoyée ?</p><p>Noël Fictif</p>',
        NOEL,
      ),
      replied(
        '<p>Bonjour Noël,</p><p>Une facture envoyée ne peut plus être modifiée. Créez un avoir depuis la facture, puis une nouvelle facture avec le bon taux de TVA.</p><p>Cordialement,<br>Sam</p>',
      ),
    ],
  })
  const colour = support.addTicket({
    ...place,
    subject: 'Colour of the logo',
    requesterId: PAT,
    comments: [
      asked('<p>Can the logo on our invoices be printed in colour?</p>'),
      replied(
        '<p>Yes: choose Invoices, Layout and set Print logo to colour. It holds for all invoices sent from then on.</p>',
      ),
    ],
  })
  support.addTicket({ ...place, status: 'open', comments: [asked('<p>My export has not arrived yet.</p>')] })
  support.addTicket({ ...place, status: 'deleted', comments: [asked('<p>Buy cheap ink!</p>')] })
  return {
    edited: () => {
      support.comment(
        scanner.id,
        asked('<p>That helped. After the update one receipt was still doubled, until I restarted it.</p>'),
      )
      support.change(scanner.id, { tags: ['scanner', 'firmware'] })
    },
    reopened: () => {
      support.change(colour.id, { status: 'open' })
      support.change(vat.id, { status: 'deleted' })
    },
  }
}
