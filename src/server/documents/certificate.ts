import { createHash, generateKeyPairSync } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { narrow, type WideMode } from '../../engine/embedded/files/private-files.ts'
import { shape, text } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import type { MetadataStore } from '../../engine/ports/engine.ts'
import { S3_HOSTS } from '../../s3/dialect/s3-dialect.ts'

export const CERTIFICATE_KEY = 'standpipe/certificate'

/** PEM texts. */
export interface Certificate {
  readonly key: string
  readonly cert: string
}

export const certificateDocument = document<Certificate>({
  keys: CERTIFICATE_KEY,
  version: 1,
  check: shape<Certificate>({ key: text, cert: text }),
})

export interface CertificateOptions {
  readonly metadata: MetadataStore
  readonly tlsCert?: string | undefined
  readonly tlsKey?: string | undefined
  /** Is told when others than its owner could read the key until now. */
  readonly onWideModes: (found: readonly WideMode[]) => void
}

/** The user's own certificate, or the self-signed one that was made at the first start. */
export async function certificateOf(options: CertificateOptions): Promise<Certificate> {
  const { metadata, tlsCert, tlsKey, onWideModes } = options
  if (tlsCert !== undefined && tlsKey !== undefined) {
    const wide = await narrow(tlsKey)
    if (wide) onWideModes([wide])
    return { cert: await readFile(tlsCert, 'utf8'), key: await readFile(tlsKey, 'utf8') }
  }
  const saved = await certificateDocument.get(metadata, CERTIFICATE_KEY)
  if (saved) return saved.value
  const made = await createCertificate(S3_HOSTS)
  await metadata.commit([{ put: CERTIFICATE_KEY, value: made }])
  return made
}

/** Wide enough for every machine's clock, and fixed: the certificate does not depend on when it was made. */
const VALID = { from: new Date('2020-01-01T00:00:00Z'), to: new Date('2049-12-31T23:59:59Z') }
const LOCALHOST = 'localhost'
const ADDRESSES = ['127.0.0.1', '::1']
const SUBJECT = [{ name: 'commonName', value: 'Standpipe' }]
/** The kinds of a subjectAltName (RFC 5280). */
const DNS_NAME = 2
const IP_ADDRESS = 7

/**
 * A self-signed certificate for this machine's own names and `hosts` besides, on a new RSA key; both as PEM. It is its
 * own authority, so that a client may be told to trust just it, e.g. with AWS_CA_BUNDLE.
 */
export async function createCertificate(
  hosts: readonly string[],
): Promise<{ readonly key: string; readonly cert: string }> {
  const { default: forge } = await import('node-forge')
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey)
  // Two certificates of one issuer must differ here. DER wants a positive number without padding: hence the 1.
  certificate.serialNumber = `1${createHash('sha256').update(publicKey).digest('hex').slice(0, 31)}`
  certificate.validity = { notBefore: VALID.from, notAfter: VALID.to }
  certificate.setSubject(SUBJECT)
  certificate.setIssuer(SUBJECT)
  certificate.setExtensions([
    { name: 'basicConstraints', cA: true, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, keyCertSign: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectKeyIdentifier' },
    {
      name: 'subjectAltName',
      altNames: [
        ...[LOCALHOST, ...hosts].map((value) => ({ type: DNS_NAME, value })),
        ...ADDRESSES.map((ip) => ({ type: IP_ADDRESS, ip })),
      ],
    },
  ])
  certificate.sign(forge.pki.privateKeyFromPem(privateKey), forge.md.sha256.create())
  return { key: privateKey, cert: forge.pki.certificateToPem(certificate) }
}
