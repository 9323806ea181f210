import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Random } from '../clock/random.ts'
import { bytes } from './ports/checks.ts'
import { document } from './ports/document.ts'
import {
  EngineError,
  type EngineProblems,
  isEngineError,
  type LogEntry,
  type LogStore,
  type MetadataStore,
  type Slice,
} from './ports/engine.ts'
import { CLEAR_BYTES, isEncrypted } from './ports/record.ts'

const CIPHER = 'aes-256-gcm'
const KEY_BYTES = 32
const IV_BYTES = 12
const TAG_BYTES = 16
const SEALED_AT = CLEAR_BYTES + IV_BYTES + TAG_BYTES

/** Groups whose keys are kept at hand. */
const MAX_CACHED = 1_000

const KEYS = 'log-key/'

/** The key that a group's records are encrypted under. */
export const logKeyDocument = document<Uint8Array>({ keys: KEYS, version: 1, check: bytes })

/**
 * A log store that keeps the records that are marked so (record.ts) encrypted with AES-256-GCM, under a key for each
 * group, which lies among the metadata and goes with the group. Stored: the clear bytes, which the tag vouches for too,
 * then initialisation vector, tag and ciphertext. Reading gives records as they were appended, without those that
 * cannot be decrypted (the key is lost, or is not theirs): they are damaged, and the group is named.
 */
export function encryptedLogs(
  logs: LogStore,
  metadata: MetadataStore,
  random: Pick<Random, 'bytes'>,
  problems?: EngineProblems,
): LogStore {
  const keys = new Map<string, Promise<Uint8Array | undefined>>()
  const documentOf = (group: string) => KEYS + group

  const load = async (group: string) => (await logKeyDocument.get(metadata, documentOf(group)))?.value
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

  const keyToRead = async (group: string) => {
    try {
      return await keyOf(group)
    } catch (error) {
      if (isEngineError(error, 'Damaged')) return undefined
      throw error
    }
  }
  const opened = async (group: string, slice: Slice): Promise<Slice> => {
    if (!slice.entries.some(({ data }) => isEncrypted(data))) return slice
    const key = await keyToRead(group)
    const entries = slice.entries.flatMap((entry) => openedEntry(key, entry))
    if (entries.length === slice.entries.length) return { ...slice, entries }
    problems?.report({
      code: 'Damaged',
      where: documentOf(group),
      what: `encrypted records of ${group} cannot be decrypted and are left out: ${key ? 'they are not what was stored, or their key is another' : 'their key is lost'}`,
    })
    return { ...slice, entries, skipped: true }
  }

  return {
    ...logs,
    async append(id, entries) {
      if (!entries.some(isEncrypted)) return await logs.append(id, entries)
      return await logs.append(id, await seal(id.group, entries))
    },
    async read(id, from, limits) {
      let isShort = false
      for (let at = from; ; ) {
        const slice = await opened(id.group, await logs.read(id, at, limits))
        isShort ||= slice.skipped === true
        if (slice.entries.length > 0 || slice.atTip || slice.next === at)
          return isShort ? { ...slice, skipped: true } : slice
        at = slice.next
      }
    },
    async dropGroup(group) {
      await logs.dropGroup(group)
      keys.delete(group)
      await metadata.commit([{ delete: documentOf(group) }])
      problems?.solved('Damaged', documentOf(group))
    },
  }
}

function sealed(key: Uint8Array, iv: Uint8Array, entry: Uint8Array): Uint8Array {
  const clear = entry.subarray(0, CLEAR_BYTES)
  const cipher = createCipheriv(CIPHER, key, iv).setAAD(clear)
  const body = Buffer.concat([cipher.update(entry.subarray(CLEAR_BYTES)), cipher.final()])
  return Buffer.concat([clear, iv, cipher.getAuthTag(), body])
}

/** Nothing where it cannot be decrypted. */
function openedEntry(key: Uint8Array | undefined, { position, data }: LogEntry): LogEntry[] {
  if (!isEncrypted(data)) return [{ position, data }]
  if (!key) return []
  const clear = data.subarray(0, CLEAR_BYTES)
  const decipher = createDecipheriv(CIPHER, key, data.subarray(CLEAR_BYTES, CLEAR_BYTES + IV_BYTES))
  decipher.setAAD(clear).setAuthTag(data.subarray(CLEAR_BYTES + IV_BYTES, SEALED_AT))
  try {
    const body = [clear, decipher.update(data.subarray(SEALED_AT)), decipher.final()]
    return [{ position, data: Buffer.concat(body) }]
  } catch {
    return []
  }
}
