/** Request limits as the services publish them, for the time until their answers say better. */

/** At most so many requests in any stretch of that length. */
export interface Limit {
  /** Tells the limits of one host apart. */
  readonly name: string
  readonly requests: number
  readonly perMs: number
}

const MINUTE = 60_000

const INTERCOM = /^api(\.eu|\.au)?\.intercom\.io$/

/**
 * The host's own limit first, if there is one; it is the one that answers correct.
 * Intercom: 10,000 a minute and app, counted in stretches of ten seconds
 * (https://developers.intercom.com/docs/references/rest-api/errors/rate-limiting). Zendesk: 200 a minute on the smallest
 * plan, and 10 a minute for incremental exports (https://developer.zendesk.com/api-reference/introduction/rate-limits/).
 * Google Docs: 300 reads a minute and user (https://developers.google.com/workspace/docs/api/limits). Drive counts units,
 * far more of them than are used here; Confluence publishes no number of requests, and says what is left in its answers.
 */
export function publishedLimits({ hostname, pathname }: URL): readonly Limit[] {
  if (INTERCOM.test(hostname)) return [{ name: 'account', requests: 1_666, perMs: 10_000 }]
  if (hostname === 'docs.googleapis.com') return [{ name: 'account', requests: 300, perMs: MINUTE }]
  if (!hostname.endsWith('.zendesk.com')) return []
  const account = { name: 'account', requests: 200, perMs: MINUTE }
  return /^\/api\/v2\/incremental\//.test(pathname)
    ? [account, { name: 'incremental', requests: 10, perMs: MINUTE }]
    : [account]
}
