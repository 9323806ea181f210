import { serializationException } from '../service/exception.ts'

/**
 * The bytes of a base64 text, or AWS's SerializationException. Node's decoder skips what it does not know, so the
 * length of what came out is what tells: only a text with an oddity is looked at character by character.
 */
export function decodeBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0)
    throw invalid(text, `Base64 encoded length is expected a multiple of 4 bytes but found: ${text.length}`)
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length !== (text.length / 4) * 3 - padding || /[-_]/.test(text))
    throw invalid(text, strayIn(text))
  if (padding > 0 && !text.endsWith(bytes.subarray(-(bytes.length % 3)).toString('base64')))
    throw invalid(text, 'Invalid last non-pad Base64 character dectected')
  return bytes
}

const strayIn = (text: string) =>
  `Invalid Base64 character: '${/[^A-Za-z0-9+/=]|=(?!=?$)/.exec(text)?.[0] ?? '='}'`

const invalid = (text: string, why: string) =>
  serializationException(`'${text}' can not be converted to a Blob: ${why}`)
