/** What each command is asked, after commander has read the command line. */

import type { Principal } from '../core/access.ts'
import type { Kind } from '../core/document.ts'
import type { Approval } from '../core/review.ts'

export interface CommonOptions {
  /** As given with `--config`; undefined is the default file. */
  readonly config: string | undefined
  /** As given with `--index`; undefined is what the configuration says. */
  readonly index: string | undefined
  readonly json: boolean
  readonly quiet: boolean
  readonly verbose: boolean
}

export interface SyncOptions extends CommonOptions {
  /** Empty is all. */
  readonly sources: readonly string[]
  readonly full: boolean
  readonly dryRun: boolean
  readonly replay: string | undefined
  readonly allowDeletes: number | undefined
  readonly allowWider: number | undefined
  /** With a dry run: also what would change in the texts. */
  readonly diff: boolean
  /** With a dry run: ends with 20 where something would change. */
  readonly exitCode: boolean
  /** For the whole command, waiting for another run included; undefined is without end. */
  readonly maxTimeMs: number | undefined
  /** How long to wait for another run that writes; undefined is not at all. */
  readonly lockTimeoutMs: number | undefined
  readonly heartbeatUrl: string | undefined
  readonly metricsFile: string | undefined
}

export interface CheckOptions extends CommonOptions {
  /** Read all of the index and verify every checksum. */
  readonly readData: boolean
  /** Make the index anew; sources are not asked. */
  readonly repair: boolean
}

export interface FeedbackOptions extends CommonOptions {
  /** Documents, and questions. */
  readonly limit: number
}

export interface RunsOptions extends CommonOptions {
  /** Empty is all. */
  readonly sources: readonly string[]
  readonly limit: number
}

export interface RunsShowOptions extends CommonOptions {
  /** The run's, or its beginning. */
  readonly id: string
}

export interface QuarantineOptions extends CommonOptions {
  /** Empty is all. */
  readonly sources: readonly string[]
}

export interface QuarantineIdsOptions extends CommonOptions {
  readonly ids: readonly string[]
  readonly lockTimeoutMs: number | undefined
}

export interface QuarantineRetryOptions extends QuarantineIdsOptions {
  readonly all: boolean
}

export interface ForgetOptions extends CommonOptions {
  /** At least one. */
  readonly sources: readonly string[]
  /** Somebody agreed already. */
  readonly yes: boolean
  readonly lockTimeoutMs: number | undefined
}

export interface ExplainOptions extends CommonOptions {
  /** An id or an address. */
  readonly document: string
}

export interface TestOptions extends CommonOptions {
  /** Of scenarios; every folder below is searched. */
  readonly dir: string
  readonly update: boolean
}

export interface RecordOptions extends CommonOptions {
  readonly source: string
  readonly dir: string
}

export interface LoginOptions extends CommonOptions {
  /** The file of the OAuth client; undefined is the one of the login before. */
  readonly client: string | undefined
  /** Open the address in a browser. */
  readonly open: boolean
}

export interface InitOptions extends CommonOptions {
  readonly force: boolean
}

export interface SearchOptions extends CommonOptions {
  readonly text: string
  readonly limit: number
  /** Empty is all; so are the next three. */
  readonly sources: readonly string[]
  readonly kinds: readonly Kind[]
  readonly locales: readonly string[]
  readonly labels: readonly string[]
  readonly since: string | undefined
  readonly as: readonly Principal[]
  /** Days after which a lift for what changed lately is half; undefined is none. */
  readonly fresh: number | undefined
  /** The last word goes on. */
  readonly typing: boolean
  /** With scores, words and times. */
  readonly explain: boolean
}

export interface AskOptions extends CommonOptions {
  readonly text: string
  /** Empty is all. */
  readonly sources: readonly string[]
  readonly as: readonly Principal[]
}

export interface McpOptions extends CommonOptions {
  /** Who asks, whatever is asked. */
  readonly as: readonly Principal[]
}

export interface ServeOptions extends CommonOptions {
  /** Instead of what the configuration says. */
  readonly host: string | undefined
  readonly port: number | undefined
}

export interface ShowOptions extends CommonOptions {
  readonly id: string
  readonly losses: boolean
  readonly as: readonly Principal[]
}

export interface ReviewOptions extends CommonOptions {
  readonly sources: readonly string[]
  readonly level: Approval['level']
  /** Ids, or `ID@` with the first digits of the hash that a person has read. */
  readonly approve: readonly string[]
  /** Questions shown. */
  readonly limit: number
  readonly as: readonly Principal[]
}

export interface ExportOptions extends CommonOptions {
  readonly dir: string
  readonly sources: readonly string[]
  readonly as: readonly Principal[]
  readonly force: boolean
}

export interface BundleOptions extends CommonOptions {
  readonly file: string
  /** Empty is all. */
  readonly sources: readonly string[]
  /** The audience. */
  readonly as: readonly Principal[]
  readonly allowDeletes: number | undefined
  /** Over a file that is no bundle, and whatever it holds. */
  readonly force: boolean
}

export interface IndexInitOptions extends CommonOptions {
  /** A new generation, though the one that is there is as this program makes it. */
  readonly rebuild: boolean
  readonly lockTimeoutMs: number | undefined
}

export interface CopyOptions extends CommonOptions {
  /** Locations of indexes. */
  readonly from: string
  readonly to: string
  /** Nothing is changed. */
  readonly plan: boolean
  /** With a plan: ends with 20 where something would change. */
  readonly exitCode: boolean
  /** Over an index that holds something else. */
  readonly force: boolean
  readonly allowDeletes: number | undefined
  readonly vectors: boolean
  /** What is remembered of what was published. */
  readonly notes: boolean
  /** Keep other writers out of what is copied. */
  readonly lock: boolean
  readonly lockTimeoutMs: number | undefined
}

export interface PublishFolderOptions extends CommonOptions {
  readonly dir: string
  /** Empty is all. */
  readonly sources: readonly string[]
  /** The audience. */
  readonly as: readonly Principal[]
  readonly title: string
  readonly summary: string | undefined
  /** Where the folder will be read; undefined keeps links relative. */
  readonly url: string | undefined
  readonly allowDeletes: number | undefined
  /** Over what was published for another audience or of other sources. */
  readonly force: boolean
}

export interface PublishIntercomOptions extends CommonOptions {
  /** Nothing is changed. */
  readonly plan: boolean
  /** With a plan: ends with 20 where something would change. */
  readonly exitCode: boolean
  /** Readers get it; else it waits as a draft. */
  readonly live: boolean
  /** Ids of documents, or `all`: over what somebody changed at Intercom. */
  readonly overwrite: readonly string[]
  /** Takes over articles that have the title and place of one that would be made. */
  readonly adopt: boolean
  /** Forgets what was published to another workspace than the token's. */
  readonly beginAnew: boolean
  readonly allowDeletes: number | undefined
  readonly lockTimeoutMs: number | undefined
}

export interface EvalAccessOptions extends CommonOptions {
  /** Fewer documents and queries. */
  readonly quick: boolean
  /** Of all doors and readers together; undefined is as many as usual. */
  readonly queries: number | undefined
}

/** What a measure must reach. */
export interface Floor {
  readonly measure: string
  readonly least: number
}

export interface EvalOptions extends CommonOptions {
  /** Where files are that are not named. */
  readonly dir: string | undefined
  readonly queries: string | undefined
  readonly qrels: string | undefined
  readonly corpus: string | undefined
  readonly run: string | undefined
  readonly baseline: string | undefined
  readonly runOut: string | undefined
  /** A corpus is sent to the embedder. */
  readonly embed: boolean
  /** Empty is the usual ones. */
  readonly measures: readonly string[]
  readonly by: readonly ('language' | 'source' | 'kind')[]
  readonly floors: readonly Floor[]
  /** Documents a question. */
  readonly depth: number
  readonly sources: readonly string[]
  readonly as: readonly Principal[]
}

export interface EvalGenOptions extends CommonOptions {
  readonly dir: string
  readonly force: boolean
  /** Empty: all. */
  readonly sources: readonly string[]
  readonly as: readonly Principal[]
}
