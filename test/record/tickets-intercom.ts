/** Tickets at Intercom, invented, of an invented company. */
import { startIntercomEmulator } from '../emulators/intercom.ts'
import { BOT, type EmulatedAuthor, type IntercomInbox } from '../emulators/intercom-inbox-model.ts'
import type { Steps, Story } from './story.ts'

const NAME = 'ledgerlight-support'

const CONFIG = `sources:
  ${NAME}:
    connector: tickets
    provider: intercom
    region: eu
    token: \${env:INTERCOM_TOKEN}
    teams: [Support]
    withoutTags: [spam]
    fields: [Product]
`

/** Everybody here is invented; addresses and numbers are of the ranges that are kept for examples. */
const PAT = customer('1', 'Pat Placeholder', 'pat.placeholder@example.org')
const CAMILLE = customer('2', 'Camille Exemple', 'camille.exemple@example.org')
const NOEL = customer('3', 'Noël Fictif', 'noel.fictif@example.net')
const SAM = agent('991000001', 'Sam Sample', 'sam.sample@ledgerlight.example')
const INES = agent('991000002', 'Inès Inventée', 'ines.inventee@ledgerlight.example')

export const intercomTicketsStory: Story = {
  connector: 'tickets',
  name: NAME,
  site: 'https://api.eu.intercom.io',
  start: async () => {
    const { url, model, close } = await startIntercomEmulator({ pageSize: 4 })
    return { url, config: CONFIG, env: { INTERCOM_TOKEN: 'not-a-real-token' }, steps: fill(model.inbox), close }
  },
}

function customer(id: string, name: string, email: string): EmulatedAuthor {
  return { type: 'user', id: `67620000000000000000000${id}`, name, email }
}

function agent(id: string, name: string, email: string): EmulatedAuthor {
  return { type: 'admin', id, name, email }
}

/** An inbox in two languages; the changes before each further step. */
function fill(inbox: IntercomInbox): Steps {
  inbox.admins.clear()
  inbox.contacts.clear()
  for (const each of [SAM, INES]) inbox.admins.set(each.id, each)
  for (const each of [PAT, CAMILLE, NOEL]) inbox.contacts.set(each.id, { ...each, phone: null })
  const teamId = inbox.addTeam('Support')
  const sales = inbox.addTeam('Sales')
  const invoices = closedYear(inbox, teamId)
  const duplicates = doublons(inbox, teamId)
  const codes = rejectedCodes(inbox, teamId)
  const vat = inbox.addTicket({
    teamId,
    customer: NOEL,
    attributes: { Product: 'Ledgerlight TVA' },
    title: 'TVA à 0 % sur un client belge',
    description:
      'Bonjour,\nDepuis hier mes factures pour un client en Belgique partent avec une TVA de 20 %.\nMon numéro : 01 99 00 12 34.\nMerci, Noël',
    parts: [
      {
        author: INES,
        body: '<p>Bonjour Noël,</p><p>Le taux de 0 % demande un numéro de TVA vérifié. Ouvrez la fiche du client, cliquez sur <b>Vérifier dans VIES</b>, puis rééditez la facture : le taux d’autoliquidation s’applique aussitôt.</p><p>Bien à vous,<br>Inès Inventée<br>Support Ledgerlight</p>',
      },
      { author: NOEL, body: '<p>C’est bon, merci Inès !</p>' },
    ],
  }).id
  inbox.addConversation({
    teamId,
    author: PAT,
    body: '<p>Do you have a mobile app?</p>',
    parts: [{ author: { ...BOT, isAi: true }, body: '<p>Yes, our app is in both stores.</p>' }],
  })
  inbox.addConversation({
    teamId: sales,
    author: PAT,
    parts: [{ author: SAM, body: '<p>A quote for five seats is on its way to you.</p>' }],
  })
  return {
    reopened: () => {
      inbox.change(duplicates, { state: 'open' })
      inbox.reply(invoices, {
        author: PAT,
        body: '<p>One more thing for others: in the mobile app the switch is called “Past periods”.</p>',
      })
    },
    deleted: () => {
      inbox.change(duplicates, { state: 'closed' })
      inbox.remove(codes)
      inbox.change(vat, { state: 'in_progress' })
    },
  }
}

function closedYear(inbox: IntercomInbox, teamId: string): string {
  return inbox.addConversation({
    teamId,
    tags: ['export'],
    attributes: { Product: 'Ledgerlight Books' },
    rating: 5,
    author: PAT,
    subject: 'Export for 2024 is empty (Pat Placeholder)',
    body: '<p>Hi there,</p><p>I need all invoices of 2024 as CSV for my accountant, but the file holds the header line only. My login is pat.placeholder@example.org.</p><p>Thanks,<br>Pat Placeholder<br>+44 20 7946 0958</p>',
    parts: [
      { author: { ...BOT, isAi: true }, body: '<p>Have you tried to reload the page?</p>' },
      {
        author: SAM,
        body: '<p>Hi Pat,</p><p>Thanks for reaching out! Which format do you choose in the export dialog?</p><p>Best regards,<br>Sam Sample<br>Ledgerlight Support</p>',
      },
      {
        author: PAT,
        body: '<div>CSV, with the default columns.</div><div class="gmail_quote"><div class="gmail_attr">On Tue, 6 Jan 2026 at 09:12, Sam Sample &lt;sam.sample@ledgerlight.example&gt; wrote:</div><blockquote>Which format do you choose?</blockquote></div>',
      },
      { author: INES, partType: 'note', body: '<p>Their last payment bounced, do not offer the Pro plan to Pat.</p>' },
      {
        author: SAM,
        body: '<p>Hi Pat,</p><p>2024 is a closed year in your books, and an export leaves closed periods out. To include them:</p><ol><li>Open <b>Reports › Export</b>.</li><li>Turn on <b>Include closed periods</b>.</li><li>Choose the year and press <b>Export</b> again.</li></ol><p>The details are in <a href="https://help.ledgerlight.example/closed-periods">Closed periods</a>.</p><p>Best regards,<br>Sam Sample<br>Ledgerlight Support</p>',
      },
      { author: PAT, body: '<p>That was it, thank you Sam!</p>' },
      { author: SAM, partType: 'close', body: null },
    ],
  }).id
}

function doublons(inbox: IntercomInbox, teamId: string): string {
  return inbox.addConversation({
    teamId,
    tags: ['banque'],
    attributes: { Product: 'Ledgerlight Books' },
    rating: 4,
    author: CAMILLE,
    subject: 'Relevé bancaire importé deux fois',
    body: '<p>Bonjour,</p><p>Mon relevé de décembre (compte FR14 2004 1010 0505 0001 3M02 606) a été importé deux fois et toutes les écritures sont en double. Comment les retirer sans tout effacer ?</p><p>Cordialement,<br>Camille Exemple<br>Gérante, Atelier Exemple<br>Tél. : 01 99 00 56 78</p>',
    parts: [
      {
        author: INES,
        body: '<p>Bonjour Camille,</p><p>Merci de nous avoir contactés. Avez-vous déjà rapproché certaines de ces écritures ?</p><p>Cordialement,<br>Inès Inventée</p>',
      },
      {
        author: CAMILLE,
        body: '<p>Non, aucune.</p><p>Envoyé de mon iPhone</p><p>Le mar. 6 janv. 2026 à 10:02, Inès Inventée &lt;ines.inventee@ledgerlight.example&gt; a écrit :</p><blockquote type="cite">Avez-vous déjà rapproché ?</blockquote>',
      },
      {
        author: INES,
        body: '<p>Bonjour Camille,</p><p>Dans ce cas, ouvrez <b>Banque › Imports</b>, choisissez le second lot du jour et cliquez sur <b>Annuler l’import</b> : seules ses écritures disparaissent. Cochez ensuite <b>Ignorer les doublons</b> dans les réglages d’import pour que cela ne se reproduise pas.</p><p>Bonne journée,<br>Inès</p><p>Ce message et toutes les pièces jointes sont confidentiels et établis à l’attention exclusive de ses destinataires. Si vous n’êtes pas le destinataire, merci d’avertir l’expéditeur.</p>',
      },
      { author: CAMILLE, body: '<p>Parfait, merci beaucoup !</p>' },
    ],
  }).id
}

function rejectedCodes(inbox: IntercomInbox, teamId: string): string {
  return inbox.addTicket({
    teamId,
    customer: CAMILLE,
    attributes: { Product: 'Ledgerlight Login' },
    title: 'Six-digit codes are refused',
    description: 'Every code of my authenticator app is refused since I changed phones.\nCamille',
    parts: [
      { author: SAM, body: '<p>Let me check and I will get back to you.</p>' },
      { author: SAM, partType: 'note', body: '<p>Account 4711 is on the fraud list.</p>' },
      {
        author: SAM,
        body: '<p>Hello Camille,</p><p>The codes follow the clock of the phone, and yours is two minutes late. Turn on the automatic time in the phone’s settings; the next code is then accepted. A recovery code also works once.</p><p>Kind regards,<br>Sam</p>',
      },
    ],
  }).id
}
