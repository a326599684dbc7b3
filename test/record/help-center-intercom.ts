/** Articles of an Intercom help center: real pages from the samples beside the checkout. */
import { startIntercomEmulator } from '../emulators/intercom.ts'
import type { IntercomModel } from '../emulators/intercom-model.ts'
import { sample, samples } from './help-center-samples.ts'
import type { Steps, Story } from './story.ts'

const NAME = 'labour-law'

const CONFIG = `sources:
  ${NAME}:
    connector: help-center
    provider: intercom
    region: eu
    token: \${env:INTERCOM_TOKEN}
    principals:
      "audience:all_users": [group:customers, group:staff]
`

const HARVEST =
  '<p class="no-margin">A grape harvest contract lasts for one month at most.</p>' +
  '<div class="intercom-interblocks-callout" style="background-color: #feedaf80; border-color: #fbc91633;">' +
  '<p class="no-margin"><b>Note:</b> Several contracts in a row may not last for more than two months a year.</p></div>' +
  '<details><summary>May an employee take leave for it?</summary><p class="no-margin">Yes, also during paid leave.</p></details>'

const PLAYER =
  '<div class="intercom-h2b-video"><iframe src="https://www.youtube.com/embed/aides-emploi"></iframe></div>'

export const intercomArticlesStory: Story = {
  connector: 'help-center',
  name: NAME,
  samples,
  site: 'https://api.eu.intercom.io',
  start: async () => {
    const { url, model, close } = await startIntercomEmulator({ pageSize: 3 })
    return { url, config: CONFIG, env: { INTERCOM_TOKEN: 'not-a-real-token' }, steps: fill(model), close }
  },
}

/** Pages in French, one with a translation of ours; the changes before each further step. */
function fill(model: IntercomModel): Steps {
  const center = model.addHelpCenter({ locales: ['fr', 'en'] })
  const contracts = model.addCollection({ name: 'Contrats', helpCenterId: center.id, names: { en: 'Contracts' } })
  const seasonal = model.addCollection({ name: 'Saisonniers', parentId: contracts.id, names: { en: 'Seasonal' } })
  const rights = model.addCollection({ name: 'Droits', helpCenterId: center.id, names: { en: 'Rights' } })
  const add = (file: string, parent: string, locales: readonly string[], more: object = {}) => {
    const { title, body } = sample(file)
    const { id } = model.addArticle({ title, body, parentIds: [parent], locales, ...more })
    Object.assign(model.find(id).texts.get('fr') ?? {}, { title })
    return id
  }
  const harvest = add('article100987', seasonal.id, ['fr', 'en'], { tags: ['vendanges'] })
  Object.assign(model.find(harvest).texts.get('en') ?? {}, { title: 'The grape harvest contract', body: HARVEST })
  add('article108282', contracts.id, ['fr'])
  const rehiring = add('article101105', rights.id, ['fr'])
  const illegal = add('article103097', rights.id, ['fr'], { audience: 'all_users' })
  const care = add('article112736', rights.id, ['fr'])
  add('article114574', rights.id, ['fr'], { state: 'draft' })
  return {
    edited: () => {
      model.edit(care, { body: `${model.find(care).texts.get('fr')?.body}${PLAYER}` }, 'fr')
      model.find(rehiring).audience = 'restricted'
      model.find(illegal).audience = 'everyone'
    },
    deleted: () => {
      model.remove(rehiring)
      model.edit(harvest, { state: 'draft' }, 'en')
    },
  }
}
