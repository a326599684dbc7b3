/** The site of the cases: people are who the tools' tests say they are, a file's address ends in its name. */
import type { LinkResolver } from '../../connectors/confluence/render.ts'
import { site } from './site.ts'

const PEOPLE: ReadonlyMap<string, string> = new Map([
  ['8a286d85984c4df30198bc47dba33367', 'Server Userkey 8a286d85984c4df30198bc47dba33367'],
  ['test.user', 'Server Username test.user'],
  ['5b10a2844c20165700ede21g', 'Cloud User 5b10a2844c20165700ede21g'],
  ['123456', 'Test User 123456'],
  ['test-account-id-123', 'Test User One'],
  ['test-userkey-456', 'Test User Two'],
  ['test-username-789', 'Test User Three'],
])

export const caseSite: LinkResolver = { ...site, user: (id) => PEOPLE.get(id) ?? id }
