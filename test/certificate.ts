/** Certificates for servers of tests, good for a day or two: X.509 in DER (https://www.rfc-editor.org/rfc/rfc5280), by Node alone. */
import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIP } from 'node:net'

/** Both as PEM. */
export interface Certificate {
  readonly name: string
  readonly cert: string
  readonly key: string
}

const DAY_MS = 86_400_000
/** Object identifiers. */
const [COMMON_NAME, BASIC_CONSTRAINTS, ALTERNATIVE_NAME, ECDSA_WITH_SHA256] = [
  '550403',
  '551d13',
  '551d11',
  '2a8648ce3d040302',
].map((hex) => der(0x06, Buffer.from(hex, 'hex'))) as [Buffer, Buffer, Buffer, Buffer]
const ALGORITHM = sequence(ECDSA_WITH_SHA256)

/** For a host, a name or an IPv4 address. Signed by the authority, or, without one, by itself, and then an authority too. */
export function certificateFor(name: string, authority?: Certificate): Certificate {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const content = contentOf(name, privateKey, authority)
  const signature = sign('sha256', content, authority?.key ?? privateKey)
  return {
    name,
    cert: pem('CERTIFICATE', sequence(content, ALGORITHM, bits(signature))),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  }
}

function contentOf(name: string, key: KeyObject, authority: Certificate | undefined): Buffer {
  const version3 = der(0xa0, der(0x02, Buffer.of(2)))
  const serial = der(0x02, Buffer.of(1), randomBytes(8))
  const now = Date.now()
  const valid = sequence(time(now - DAY_MS), time(now + 2 * DAY_MS))
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' })
  const isAuthority = sequence(...(authority === undefined ? [der(0x01, Buffer.of(0xff))] : []))
  const extensions = sequence(
    sequence(BASIC_CONSTRAINTS, der(0x04, isAuthority)),
    sequence(ALTERNATIVE_NAME, der(0x04, sequence(host(name)))),
  )
  const issuer = named(authority?.name ?? name)
  return sequence(version3, serial, ALGORITHM, issuer, valid, named(name), publicKey, der(0xa3, extensions))
}

function named(name: string): Buffer {
  return sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(name)))))
}

function host(name: string): Buffer {
  return isIP(name) === 4 ? der(0x87, Buffer.from(name.split('.').map(Number))) : der(0x82, Buffer.from(name))
}

/** YYMMDDhhmmssZ */
function time(milliseconds: number): Buffer {
  const digits = new Date(milliseconds).toISOString().replaceAll(/\D/g, '')
  return der(0x17, Buffer.from(`${digits.slice(2, 14)}Z`))
}

function bits(bytes: Uint8Array): Buffer {
  return der(0x03, Buffer.of(0), bytes)
}

function sequence(...parts: readonly Uint8Array[]): Buffer {
  return der(0x30, ...parts)
}

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  const size = body.length
  const length = size < 128 ? [size] : size < 256 ? [0x81, size] : [0x82, size >> 8, size & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}

function pem(what: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN ${what}-----\n${lines.join('\n')}\n-----END ${what}-----\n`
}
