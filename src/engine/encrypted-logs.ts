import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Random } from '../clock/random.ts'
import { EngineError, isEngineError, type LogStore, type MetadataStore } from './engine.ts'
import { CLEAR_BYTES, isEncrypted } from './record.ts'

const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
const IV_BYTES = 12
const TAG_BYTES = 16
const SEALED_AT = CLEAR_BYTES + IV_BYTES + TAG_BYTES

/** Groups whose keys are kept at hand. */
const MAX_CACHED = 1_000

/**
 * A log store that keeps the records that are marked so (record.ts) encrypted with AES-256-GCM, under a key for each
 * group, which lies among the metadata and goes with the group. Stored: the clear bytes, which the tag vouches for too,
 * then initialisation vector, tag and ciphertext. Reading gives records as they were appended.
 */
export function encryptedLogs(
  logs: LogStore,
  metadata: MetadataStore,
  random: Pick<Random, 'bytes'>,
): LogStore {
  const keys = new Map<string, Promise<Uint8Array | undefined>>()
  const documentOf = (group: string) => `log-key/${group}`

  const load = async (group: string) => (await metadata.get<Uint8Array>(documentOf(group)))?.value
  const remembered = (group: string, loading: Promise<Uint8Array | undefined>) => {
    keys.set(group, loading)
    if (keys.size > MAX_CACHED) keys.delete(keys.keys().next().value!)
    const forget = () => {
      if (keys.get(group) === loading) keys.delete(group)
    }
    loading.then((key) => key ?? forget(), forget)
    return loading
  }
  const keyOf = (group: string) => keys.get(group) ?? remembered(group, load(group))
  /** Of two who make one at the same time, both use the first's. */
  const makeKey = async (group: string) => {
    const key = random.bytes(KEY_BYTES)
    try {
      await metadata.commit([{ put: documentOf(group), value: key, expect: 'absent' }])
      return key
    } catch (error) {
      if (!isEngineError(error, 'Conflict')) throw error
      return await load(group)
    }
  }
  const seal = async (group: string, entries: readonly Uint8Array[]) => {
    const key = (await keyOf(group)) ?? (await remembered(group, makeKey(group)))
    if (!key) throw new EngineError('NoSuchGroup', `there is no group ${group}`)
    return entries.map((entry) => (isEncrypted(entry) ? sealed(key, random.bytes(IV_BYTES), entry) : entry))
  }

  return {
    ...logs,
    async append(id, entries) {
      if (!entries.some(isEncrypted)) return await logs.append(id, entries)
      return await logs.append(id, await seal(id.group, entries))
    },
    async read(id, from, limits) {
      const slice = await logs.read(id, from, limits)
      if (!slice.entries.some(({ data }) => isEncrypted(data))) return slice
      const key = await keyOf(id.group)
      if (!key) throw new EngineError('Damaged', `the key of ${id.group} is gone`)
      const entries = slice.entries.map(({ position, data }) => ({
        position,
        data: isEncrypted(data) ? opened(key, data, id.log) : data,
      }))
      return { ...slice, entries }
    },
    async dropGroup(group) {
      await logs.dropGroup(group)
      keys.delete(group)
      if (await load(group)) await metadata.commit([{ delete: documentOf(group) }])
    },
  }
}

function sealed(key: Uint8Array, iv: Uint8Array, entry: Uint8Array): Uint8Array {
  const clear = entry.subarray(0, CLEAR_BYTES)
  const cipher = createCipheriv(CIPHER, key, iv).setAAD(clear)
  const body = Buffer.concat([cipher.update(entry.subarray(CLEAR_BYTES)), cipher.final()])
  return Buffer.concat([clear, iv, cipher.getAuthTag(), body])
}

function opened(key: Uint8Array, entry: Uint8Array, log: string): Uint8Array {
  const clear = entry.subarray(0, CLEAR_BYTES)
  const decipher = createDecipheriv(CIPHER, key, entry.subarray(CLEAR_BYTES, CLEAR_BYTES + IV_BYTES))
  decipher.setAAD(clear).setAuthTag(entry.subarray(CLEAR_BYTES + IV_BYTES, SEALED_AT))
  try {
    return Buffer.concat([clear, decipher.update(entry.subarray(SEALED_AT)), decipher.final()])
  } catch (cause) {
    throw new EngineError('Damaged', `an encrypted record of ${log} is not what was stored: ${cause}`)
  }
}
