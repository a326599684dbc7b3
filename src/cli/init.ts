/** `unsilo init`: a configuration to start from, with every choice explained where it is made. */
import { access, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { DEFAULT_INDEX } from '../config/schema.ts'
import { diskError, systemCode } from '../core/disk.ts'
import { UnsiloError } from '../core/errors.ts'
import type { Io } from './io.ts'
import type { InitOptions } from './options.ts'
import { json, note, say } from './output.ts'
import { configPath, exists } from './setup.ts'
import { version } from './version.ts'

const SCHEMA = 'unsilo/src/config/unsilo.schema.json'

export async function runInit(options: InitOptions, io: Io): Promise<number> {
  const path = configPath(options, io)
  const shown = relative(io.cwd, path)
  await write(path, configText(await schemaAddress(dirname(path)), options.index ?? DEFAULT_INDEX), options.force)
  if (options.json) json(io, { type: 'init', file: shown })
  else say(io, shown)
  if (!options.json && !options.quiet) note(io, NEXT)
  return 0
}

const NEXT = `
Next:
  1. fill in the sources that you have, and set the variables that they name
  2. unsilo check      proves that they work
  3. unsilo sync       fills the index
  4. unsilo search …   asks it`

async function write(path: string, text: string, force: boolean): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text, { flag: force ? 'w' : 'wx' })
  } catch (cause) {
    if (systemCode(cause) === 'EEXIST' && (await exists(path))) {
      throw new UnsiloError('USAGE', `${path} is there already.`, {
        hint: 'Nothing was changed. --force replaces it; --config FILE writes another one.',
      })
    }
    throw diskError(cause)
  }
}

/** The package's own copy where it is installed beside the file, so that it fits the version that runs. */
async function schemaAddress(folder: string): Promise<string> {
  const isInstalled = await access(join(folder, 'node_modules', SCHEMA)).then(
    () => true,
    () => false,
  )
  return isInstalled
    ? `./node_modules/${SCHEMA}`
    : `https://unpkg.com/${SCHEMA.replace('unsilo', `unsilo@${version()}`)}`
}

export function configText(schema: string, index: string): string {
  return `# yaml-language-server: $schema=${schema}
#
# What unsilo pulls, who may read it, and where the index is. No secret stands in this file: a value may say
#   \${env:NAME}    the environment variable NAME
#   \${file:PATH}   what the file says, without its last line feed; relative to this file
# and keys that hold a secret accept nothing else. \`unsilo check\` tries everything that is written here.

# A path relative to this file. It holds what the sources say: protect it like them.
index: ${JSON.stringify(index)}

sources:
  # The name is yours: a-z, 0-9 and hyphens. It is part of every document's id, so keep it.
  # Under another name all is read anew, and \`unsilo forget\` removes what is there under the old one.
  wiki:
    connector: confluence

    # The site, as in the browser.
    baseUrl: https://example.atlassian.net

    # An API token of an account that may read the spaces: https://id.atlassian.com/manage-profile/security/api-tokens
    auth:
      email: \${env:CONFLUENCE_EMAIL}
      apiToken: \${env:CONFLUENCE_TOKEN}
    # A scoped token is asked through the gateway. The id is shown at https://example.atlassian.net/_edge/tenant_info
    # apiUrl: https://api.atlassian.com/ex/confluence/CLOUD_ID

    # Space keys, or all for every space that the account may see.
    spaces: [DOCS]

    # Who may read what Confluence itself does not restrict: staff, customers (and staff), or public.
    level: staff

    # Personal data (e-mail addresses, phone numbers, bank accounts …) out of everything that is kept: true, or with
    # patterns of your own. Tickets are redacted unless it is false.
    # redact: { patterns: [{ name: customer number, pattern: 'KD-\\d{6}' }] }

    # A page that is restricted in Confluence is read by nobody, unless its groups or users are named here.
    # principals:
    #   "group:engineering": [group:engineering]

    # Choose by label, or by page tree (ids of pages or folders; everything below belongs to it).
    # labels: { include: [], exclude: [draft] }
    # trees: { include: [], exclude: ["123456"] }
    # blogPosts: false

    # Restrictions are read for every page in each run. daily saves requests: a new restriction may take a day.
    # restrictions: daily

  # Three more kinds of source, each with its own page under connectors/. Take the first # away to use one.

  # Documents of Google Drive: ids of folders are in their addresses. Nobody reads whom principals doesn't name.
  # handbook:
  #   connector: google-docs
  #   auth:
  #     credentials: \${file:service-account.json}
  #   folders: [1AbCdEfGhIjKlMnOpQrStUvWxYz012345]
  #   principals:
  #     "domain:example.com": [group:staff]

  # Published articles of a help center. Those for everyone are public, unless level says less.
  # help:
  #   connector: help-center
  #   provider: intercom
  #   region: us
  #   token: \${env:INTERCOM_TOKEN}
  #
  # guide:
  #   connector: help-center
  #   provider: zendesk
  #   url: https://example.zendesk.com
  #   auth:
  #     clientId: unsilo
  #     clientSecret: \${env:ZENDESK_CLIENT_SECRET}

  # Resolved tickets: public messages by people, without personal data, for staff. \`unsilo review\` lets others read one.
  # support:
  #   connector: tickets
  #   provider: intercom
  #   region: us
  #   token: \${env:INTERCOM_TOKEN}
  #
  # desk:
  #   connector: tickets
  #   provider: zendesk
  #   url: https://example.zendesk.com
  #   auth:
  #     clientId: unsilo
  #     clientSecret: \${env:ZENDESK_CLIENT_SECRET}
`
}
