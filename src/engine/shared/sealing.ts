import { createCipheriv, createDecipheriv, createHash } from 'node:crypto'
import type { Random } from '../../clock/random.ts'
import type { SecretBox } from '../ports/secret-box.ts'

const CIPHER = 'aes-256-gcm'
export const SECRET_KEY_BYTES = 32
const KEY_ID_BYTES = 8
const IV_BYTES = 12
const TAG_BYTES = 16
const IV_AT = KEY_ID_BYTES
const TAG_AT = IV_AT + IV_BYTES
const TEXT_AT = TAG_AT + TAG_BYTES

/** Tells one key from another, and says nothing of either. */
export const secretKeyId = (key: Uint8Array): Uint8Array =>
  createHash('sha256').update('standpipe secret key').update(key).digest().subarray(0, KEY_ID_BYTES)

/** Sealed: the key's id, the initialisation vector, the tag and the ciphertext of AES-256-GCM. */
export function secretBoxOf(key: Uint8Array, random: Pick<Random, 'bytes'>): SecretBox {
  const keyId = secretKeyId(key)
  return {
    seal(secret, place) {
      const iv = random.bytes(IV_BYTES)
      const cipher = createCipheriv(CIPHER, key, iv).setAAD(Buffer.from(place))
      const text = [cipher.update(secret), cipher.final()]
      return Buffer.concat([keyId, iv, cipher.getAuthTag(), ...text])
    },
    open(sealed, place) {
      if (sealed.length < TEXT_AT || Buffer.compare(sealed.subarray(0, KEY_ID_BYTES), keyId) !== 0)
        return undefined
      const decipher = createDecipheriv(CIPHER, key, sealed.subarray(IV_AT, TAG_AT))
      decipher.setAAD(Buffer.from(place)).setAuthTag(sealed.subarray(TAG_AT, TEXT_AT))
      try {
        return Buffer.concat([decipher.update(sealed.subarray(TEXT_AT)), decipher.final()])
      } catch {
        return undefined
      }
    },
  }
}
