/** Articles of a Zendesk help center: real pages from the samples beside the checkout. */
import { startZendeskEmulator } from '../emulators/zendesk.ts'
import type { GuideModel } from '../emulators/zendesk-guide-model.ts'
import { sample, samples } from './help-center-samples.ts'
import type { Steps, Story } from './story.ts'

const NAME = 'guide'
const SITE = 'https://example.zendesk.com'
const SECRET = 'not-a-real-secret'

const CONFIG = `sources:
  ${NAME}:
    connector: help-center
    provider: zendesk
    url: ${SITE}
    auth:
      clientId: unsilo
      clientSecret: \${env:ZENDESK_CLIENT_SECRET}
    principals:
      "segment:signed_in_users": [group:customers, group:staff]
`

const ADOPTION =
  '<p>Every employee to whom a child is entrusted for adoption may take leave.</p>' +
  '<h2>What must be done?</h2><ol><li>Tell the employer why you will be absent,</li><li>and when the leave ends.</li></ol>' +
  '<p>The contract is suspended meanwhile. <a href="/hc/en-us/articles/1">More about contracts</a></p>'

const PLAYER = '<p><iframe src="https://www.youtube-nocookie.com/embed/demission" allowfullscreen></iframe></p>'

export const zendeskArticlesStory: Story = {
  connector: 'help-center',
  name: NAME,
  samples,
  site: SITE,
  start: async () => {
    const client = { id: 'unsilo', secret: SECRET }
    const { url, guide, close } = await startZendeskEmulator({ pageSize: 3, client })
    return { url, config: CONFIG, env: { ZENDESK_CLIENT_SECRET: SECRET }, steps: fill(guide), close }
  },
}

/** Pages in French, one with a translation of ours; the changes before each further step. */
function fill(guide: GuideModel): Steps {
  Object.assign(guide.settings, { defaultLocale: 'fr', locales: ['fr', 'en-us'] })
  const signedIn = guide.addSegment({ name: 'Signed-in users', builtIn: true })
  const partners = guide.addSegment({ name: 'Partners' })
  const contract = guide.addCategory('Contrat de travail', { 'en-us': 'Contract' })
  const ending = guide.addSection({ name: 'Rupture', categoryId: contract.id, names: { 'en-us': 'Its end' } })
  const leave = guide.addSection({ name: 'Congés', categoryId: contract.id, names: { 'en-us': 'Leave' } })
  const family = guide.addSection({
    name: 'Famille',
    categoryId: contract.id,
    parentId: leave.id,
    names: { 'en-us': 'Family' },
  })
  const add = (file: string, sectionId: number, more: object = {}) =>
    guide.addArticle({ ...sample(file), sectionId, locales: ['fr'], ...more }).id
  const adoption = add('article112740', family.id, { locales: ['fr', 'en-us'], labels: ['adoption'] })
  guide.edit(adoption, { title: 'Adoption leave', body: ADOPTION }, 'en-us')
  const resignation = add('article101095', ending.id)
  const company = add('article101168', leave.id, { segmentId: signedIn.id })
  const allowance = add('article111435', family.id)
  add('article112733', leave.id, { draft: true })
  return {
    edited: () => {
      guide.edit(resignation, { body: `${guide.find(resignation).translations.get('fr')?.body}${PLAYER}` })
      guide.edit(adoption, { outdated: true }, 'en-us')
      guide.find(company).segmentId = null
      guide.find(allowance).segmentId = partners.id
    },
    deleted: () => {
      guide.remove(resignation)
      guide.edit(adoption, { draft: true }, 'en-us')
    },
  }
}
