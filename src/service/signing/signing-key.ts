import { createHmac, hash } from 'node:crypto'

export const ALGORITHM = 'AWS4-HMAC-SHA256'
export const SCOPE_END = 'aws4_request'

/** What a signature is good for: one day, in one region, for one service. */
export interface Scope {
  /** `20260102`. */
  readonly date: string
  readonly region: string
  readonly service: string
}

export const scopeText = ({ date, region, service }: Scope): string =>
  `${date}/${region}/${service}/${SCOPE_END}`

/** Signs a text, a byte to a character; in hex. */
export type Sign = (text: string) => string

/**
 * What signs within a scope; to derive it costs many times what it costs to sign.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export const signerOf = (secretAccessKey: string, { date, region, service }: Scope): Sign =>
  hmacSigner(
    [date, region, service, SCOPE_END].reduce<Buffer>(
      (key, part) => createHmac('sha256', key).update(part).digest(),
      Buffer.from(`AWS4${secretAccessKey}`),
    ),
  )

const BLOCK_BYTES = 64

/**
 * HMAC by its definition: Node's makes a stream and a context of OpenSSL's for each text, which costs a server that
 * verifies every request several times as much. A derived key is shorter than a block.
 * https://www.rfc-editor.org/rfc/rfc2104
 */
function hmacSigner(key: Buffer): Sign {
  const padded = (pad: number) =>
    Buffer.from(Array.from({ length: BLOCK_BYTES }, (_, index) => (key[index] ?? 0) ^ pad)).toString('latin1')
  const [inner, outer] = [padded(0x36), padded(0x5c)]
  return (text) => {
    const within = hash('sha256', Buffer.from(inner + text, 'latin1'), 'binary')
    return hash('sha256', Buffer.from(outer + within, 'latin1'), 'hex')
  }
}

/** `time` is as in `20260102T030405Z`. */
export const stringToSign = (time: string, scope: string, canonicalRequest: string): string =>
  `${ALGORITHM}\n${time}\n${scope}\n${sha256Hex(Buffer.from(canonicalRequest, 'latin1'))}`

/** In hex; text is UTF-8. */
export const sha256Hex = (content: string | Uint8Array): string => hash('sha256', content, 'hex')
