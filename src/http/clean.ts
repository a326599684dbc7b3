/** Takes credentials out of what a recording keeps, by the names under which they are known to travel. */

const REPLACEMENT = 'REMOVED'

const SECRET_NAMES = [
  'access_token',
  'api_key',
  'api_token',
  'apikey',
  'assertion',
  'auth',
  'client_secret',
  'code',
  'id_token',
  'jwt',
  'key',
  'password',
  'refresh_token',
  'secret',
  'sig',
  'signature',
  'token',
  'x-amz-credential',
  'x-amz-security-token',
  'x-amz-signature',
  'x-goog-credential',
  'x-goog-signature',
]

/** In bodies only the names that mean nothing else: a page may well have a `key`. */
const SECRET_FIELDS = 'access_token|refresh_token|id_token|client_secret|api_token|password|assertion'
const JSON_FIELD = new RegExp(`("(?:${SECRET_FIELDS})"\\s*:\\s*)"[^"\\\\]*(?:\\\\.[^"\\\\]*)*"`, 'gi')
const FORM_FIELD = new RegExp(`((?:^|&)(?:${SECRET_FIELDS})=)[^&]*`, 'gi')

/** Without user name, password and fragment; secret query values replaced. */
export function cleanUrl(text: string): string {
  const url = new URL(text)
  url.username = ''
  url.password = ''
  url.hash = ''
  for (const name of new Set(url.searchParams.keys())) {
    if (SECRET_NAMES.includes(name.toLowerCase())) url.searchParams.set(name, REPLACEMENT)
  }
  return url.toString()
}

/** Secret fields of a JSON or form body replaced; all else stays byte for byte. */
export function cleanBody(text: string): string {
  const clean = text.replace(JSON_FIELD, `$1"${REPLACEMENT}"`)
  return /^[^{[<\s]+=/.test(clean) ? clean.replace(FORM_FIELD, `$1${REPLACEMENT}`) : clean
}
