import type { Scope, Sign } from '../../service/signing/signing-key.ts'
import { signerOf } from '../../service/signing/signing-key.ts'

const MAX_KEYS = 1_000

/** A derived key. Only one that has proved itself is kept, so that whoever knows no more than a key's id puts none out. */
export interface DerivedKey {
  readonly sign: Sign
  keep(): void
}

/** `scopeText` is the scope's. */
export type DeriveKey = (secretAccessKey: string, scope: Scope, scopeText: string) => DerivedKey

export function createKeyCache(): DeriveKey {
  const keys = new Map<string, DerivedKey>()
  return (secretAccessKey, scope, scopeText) => {
    const name = `${secretAccessKey}\n${scopeText}`
    const kept = keys.get(name)
    if (kept) return kept
    const sign = signerOf(secretAccessKey, scope)
    const keep = () => {
      if (keys.has(name)) return
      if (keys.size >= MAX_KEYS) keys.delete(keys.keys().next().value!)
      keys.set(name, { sign, keep: () => undefined })
    }
    return { sign, keep }
  }
}
