import { BACKGROUND_FAILED } from '../../engine/ports/background.ts'
import { isEngineError } from '../../engine/ports/engine.ts'
import type { Iam } from '../iam.ts'
import { accessKeyDocument, accessKeyKey, lastUseKey } from './access-key.ts'

/** As often it is noted at most that a key was used. */
const EVERY_MS = 15 * 60 * 1000
/** Keys whose last note is remembered. */
const MOST_KEPT = 10_000

interface Use {
  readonly accessKeyId: string
  /** As it is called in a credential scope. */
  readonly service: string
  readonly region: string
}

export interface LastUses {
  /** At once: what is written is written behind it. */
  note(use: Use): void
  /** Resolves when what was noted is written. */
  close(): Promise<void>
}

/**
 * Notes when access keys were last used. What cannot be written now is so with the key's next use; what will not be
 * then either is said.
 */
export function createLastUses({
  metadata,
  clock,
  problems,
}: Pick<Iam, 'metadata' | 'clock' | 'problems'>): LastUses {
  const notedAt = new Map<string, number>()
  const writing = new Set<Promise<void>>()
  async function write({ accessKeyId, service, region }: Use, at: number): Promise<void> {
    const key = await accessKeyDocument.getUndamaged(metadata, accessKeyKey(accessKeyId))
    if (!key) return
    const use = { put: lastUseKey(accessKeyId), value: { at, service, region } }
    await metadata.commit([{ check: key.key, expect: key.revision }, use])
  }
  return {
    note(use) {
      const { accessKeyId } = use
      if (!accessKeyId.startsWith('AKIA')) return
      const at = clock.now()
      if (at - (notedAt.get(accessKeyId) ?? Number.NEGATIVE_INFINITY) < EVERY_MS) return
      notedAt.set(accessKeyId, at)
      if (notedAt.size > MOST_KEPT) notedAt.delete(notedAt.keys().next().value!)
      const written = write(use, at)
        .then(() => problems.solved(PROBLEM.code, PROBLEM.where))
        .catch((error) => {
          notedAt.delete(accessKeyId)
          if (NOT_NOW.some((code) => isEngineError(error, code))) return
          problems.report({ ...PROBLEM, what: `when access keys were last used is not noted: ${error}` })
        })
        .finally(() => writing.delete(written))
      writing.add(written)
    },
    close: async () => void (await Promise.all(writing)),
  }
}

const PROBLEM = { code: BACKGROUND_FAILED, where: 'the last uses of access keys' } as const
/** What passes by itself, and others say. */
const NOT_NOW = ['Conflict', 'StorageFull', 'Overloaded', 'Unavailable', 'Closed'] as const
