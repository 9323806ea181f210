import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  X509Certificate,
} from 'node:crypto'
import * as der from './der.ts'
import { addressBytes, canonical, isAddress } from './listened-on.ts'

/** A certificate and its key, as PEM. */
export interface Certified {
  readonly cert: string
  readonly key: string
}

const DAY_MS = 86_400_000
/** Wide enough for every machine's clock, and for as long as a client that trusts it may live. */
const AUTHORITY_FROM = Date.parse('2020-01-01T00:00:00Z')
const AUTHORITY_UNTIL = Date.parse('2049-12-31T23:59:59Z')
const AUTHORITY_LEAST_MS = 3_650 * DAY_MS
/** Apple's clients take a server's for 825 days at most, whoever signed it; those of browsers' authorities have 398. */
const SERVER_MS = 397 * DAY_MS
/** Machines' clocks are not the same. */
const BEFORE_MS = DAY_MS
/** It is made anew when so much is left. */
const RENEWAL_MS = 120 * DAY_MS

/** The names and addresses of extensions, algorithms and attributes (RFC 5280, RFC 5758). */
const OID = {
  commonName: '2.5.4.3',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  sha256WithRsa: '1.2.840.113549.1.1.11',
} as const

/** A certificate authority of its own, for nothing but certificates of servers. */
export function createAuthority(now: number): Certified {
  const pair = newPair()
  const name = nameOf(`Standpipe CA ${createHash('sha256').update(pair.spki).digest('hex').slice(0, 8)}`)
  return certified(pair, {
    ...{ subject: name, issuer: name, signer: pair.privateKey },
    ...{ from: AUTHORITY_FROM, until: Math.max(AUTHORITY_UNTIL, now + AUTHORITY_LEAST_MS) },
    extensions: [
      // No other authority stands under it.
      extension('basicConstraints', der.sequence(der.yes, der.integer(Buffer.from([0]))), 'critical'),
      extension('keyUsage', KEY_CERT_SIGN, 'critical'),
      extension('subjectKeyIdentifier', der.octets(keyIdOf(pair.spki))),
    ],
  })
}

/** Of a server that is reached under `names` (host names, `*.` before one, and addresses), on a new key. */
export function issueServerCertificate(
  authority: Certified,
  names: readonly string[],
  now: number,
): Certified {
  const pair = newPair()
  const { subject, spki } = partsOf(authority.cert)
  return certified(pair, {
    ...{ subject: nameOf('Standpipe'), issuer: subject, signer: createPrivateKey(authority.key) },
    ...{ from: now - BEFORE_MS, until: now - BEFORE_MS + SERVER_MS },
    extensions: [
      extension('basicConstraints', der.sequence(), 'critical'),
      extension('keyUsage', DIGITAL_SIGNATURE, 'critical'),
      extension('extKeyUsage', der.sequence(der.objectId(OID.serverAuth))),
      extension('subjectKeyIdentifier', der.octets(keyIdOf(pair.spki))),
      extension(
        'authorityKeyIdentifier',
        der.sequence(der.encoded(der.context(0, 'primitive'), keyIdOf(spki))),
      ),
      extension('subjectAltName', der.sequence(...names.map(generalName))),
    ],
  })
}

/** Whether it may go on being used: for all of these names, for long enough, and signed by this authority. */
export function isServerCertificateOf(
  authority: Certified,
  { cert }: Certified,
  names: readonly string[],
  now: number,
): boolean {
  const own = new X509Certificate(cert)
  return (
    now >= own.validFromDate.getTime() &&
    now < own.validToDate.getTime() - RENEWAL_MS &&
    own.verify(new X509Certificate(authority.cert).publicKey) &&
    names.every((name) => namesOf(own).has(name))
  )
}

/** Whether a server's certificate can still be made by it that lasts. */
export const isAuthorityFor = ({ cert }: Certified, now: number): boolean =>
  now + SERVER_MS < new X509Certificate(cert).validToDate.getTime()

function namesOf({ subjectAltName = '' }: X509Certificate): ReadonlySet<string> {
  const texts = subjectAltName.split(', ').map((text) => text.slice(text.indexOf(':') + 1))
  return new Set(texts.map((text) => (isAddress(text) ? canonical(text) : text)))
}

interface Pair {
  readonly privateKey: KeyObject
  /** SubjectPublicKeyInfo, in DER. */
  readonly spki: Buffer
}

function newPair(): Pair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { privateKey, spki: publicKey.export({ type: 'spki', format: 'der' }) }
}

interface Contents {
  /** Names in DER. */
  readonly subject: Buffer
  readonly issuer: Buffer
  readonly signer: KeyObject
  /** ms since 1970. */
  readonly from: number
  readonly until: number
  readonly extensions: readonly Buffer[]
}

/** https://www.rfc-editor.org/rfc/rfc5280#section-4.1 */
function certified({ privateKey, spki }: Pair, contents: Contents): Certified {
  const { subject, issuer, signer, from, until, extensions } = contents
  const algorithm = algorithmOf(signer)
  const content = der.sequence(
    der.encoded(der.context(0, 'constructed'), der.integer(Buffer.from([2]))),
    der.integer(serialOf(spki)),
    algorithm,
    issuer,
    der.sequence(der.time(from), der.time(until)),
    subject,
    spki,
    der.encoded(der.context(3, 'constructed'), der.sequence(...extensions)),
  )
  const whole = der.sequence(content, algorithm, der.bits(sign('sha256', content, signer)))
  return {
    cert: new X509Certificate(whole).toString(),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

/** Two certificates of one issuer must differ here; each is on a key of its own. The 1 keeps it positive. */
function serialOf(spki: Uint8Array): Buffer {
  const serial = createHash('sha256').update(spki).digest().subarray(0, 16)
  serial[0] = 0x10 | (serial[0]! & 0x0f)
  return serial
}

/** That of former versions signs with RSA. */
const algorithmOf = ({ asymmetricKeyType }: KeyObject) =>
  asymmetricKeyType === 'rsa'
    ? der.sequence(der.objectId(OID.sha256WithRsa), der.nothing)
    : der.sequence(der.objectId(OID.ecdsaWithSha256))

const nameOf = (commonName: string) =>
  der.sequence(der.set(der.sequence(der.objectId(OID.commonName), der.utf8(commonName))))

/** The bits of a key's uses, from the first: digitalSignature is 0, keyCertSign 5, cRLSign 6. */
const DIGITAL_SIGNATURE = der.bits(Buffer.from([0b1000_0000]), 7)
const KEY_CERT_SIGN = der.bits(Buffer.from([0b0000_0110]), 1)

const extension = (name: keyof typeof OID, value: Uint8Array, critical?: 'critical') =>
  der.sequence(der.objectId(OID[name]), ...(critical ? [der.yes] : []), der.octets(value))

/** The kinds of a subjectAltName. */
const [DNS_NAME, IP_ADDRESS] = [2, 7]
const generalName = (name: string) =>
  isAddress(name)
    ? der.encoded(der.context(IP_ADDRESS, 'primitive'), addressBytes(name))
    : der.encoded(der.context(DNS_NAME, 'primitive'), Buffer.from(name))

/** SHA-1 of the key's own bits: a name for it, no proof. */
function keyIdOf(spki: Uint8Array): Buffer {
  const [, key = Buffer.alloc(0)] = der.membersOf(spki)
  return createHash('sha1').update(der.bitsIn(key)).digest()
}

/** Of a certificate: whose it is, byte for byte, and its public key. */
function partsOf(cert: string): { readonly subject: Buffer; readonly spki: Buffer } {
  const [content = Buffer.alloc(0)] = der.membersOf(new X509Certificate(cert).raw)
  const [, , , , , subject, spki] = der.membersOf(content)
  if (!subject || !spki) throw new Error('the certificate of the authority has no subject')
  return { subject, spki }
}
