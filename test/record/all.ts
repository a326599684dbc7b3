/**
 * `npm run record [-- STORY…]`: makes the recordings under fixtures/ again, through `unsilo record` and the emulated
 * sources. Needed only when a connector asks other requests on purpose; then `npx unsilo test --update`, and read the change.
 */
import { confluenceStories } from './confluence.ts'
import { googleDocsStory } from './google-docs.ts'
import { intercomArticlesStory } from './help-center-intercom.ts'
import { zendeskArticlesStory } from './help-center-zendesk.ts'
import { recordStory } from './story.ts'
import { intercomTicketsStory } from './tickets-intercom.ts'
import { zendeskTicketsStory } from './tickets-zendesk.ts'

const stories = [
  ...confluenceStories,
  googleDocsStory,
  intercomArticlesStory,
  zendeskArticlesStory,
  intercomTicketsStory,
  zendeskTicketsStory,
]

const asked = process.argv.slice(2)
for (const name of asked) {
  if (stories.some((story) => story.name === name)) continue
  console.error(`There is no story ${name}: ${stories.map((story) => story.name).join(', ')}`)
  process.exit(2)
}

for (const story of stories) {
  if (asked.length > 0 && !asked.includes(story.name)) continue
  if (await recordStory(story)) continue
  console.error(`${story.name} was not recorded: its samples are not beside this checkout (../shared/samples).`)
  process.exitCode = 1
}
