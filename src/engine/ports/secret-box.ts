/**
 * Keeps secrets that lie among the metadata unreadable to whoever has only those: the key lies elsewhere, and a backup
 * has it only where that was asked for.
 */
export interface SecretBox {
  /** `place` is where the secret will lie: it is one nowhere else. */
  seal(secret: Uint8Array, place: string): Uint8Array
  /** Undefined when it was sealed with a key that is not here any more, for another place, or is not what was sealed. */
  open(sealed: Uint8Array, place: string): Uint8Array | undefined
}
