import { shape, text } from './checks.ts'
import { document } from './document.ts'
import { type Change, type Document, isEngineError, type MetadataStore, type Revision } from './engine.ts'

/** Leave to be the only one who works on something, as long as it is renewed in time. */
export interface Lease {
  readonly key: string
  /** Changes with the holder only: what `fencedBy` checks. */
  readonly token: Revision
  /** Changes with every renewal: what shows others that the holder lives. */
  readonly revision: Revision
}

/** When an observer first saw the revision that a lease still has, by the observer's own clock. */
export interface Sighting {
  readonly revision: Revision
  readonly since: number
}

interface Holder {
  readonly owner: string
}

/** Leases and their fences. */
export const leaseDocument = document<Holder>({
  keys: 'lease/',
  version: 1,
  check: shape<Holder>({ owner: text }),
})

/**
 * What an observer makes of a lease: it is free when it does not exist, is the observer's own, or has not changed
 * for `timeToLiveMs` of the observer's clock. Clocks are never compared with one another.
 */
export function observe(
  current: Document<Holder> | undefined,
  sighting: Sighting | undefined,
  { owner, now, timeToLiveMs }: { owner: string; now: number; timeToLiveMs: number },
): 'free' | Sighting {
  if (!current || current.value.owner === owner) return 'free'
  if (sighting?.revision !== current.revision) return { revision: current.revision, since: now }
  return now - sighting.since >= timeToLiveMs ? 'free' : sighting
}

/** Joins a commit to make it fail with Conflict when the lease has passed to somebody else. */
export const fencedBy = ({ key, token }: Lease): Change => ({ check: fenceKeyOf(key), expect: token })

const fenceKeyOf = (key: string) => `${key}/fence`

export interface LeasesOptions {
  readonly metadata: MetadataStore
  /** Different for every process, even for two that follow one another. */
  readonly owner: string
  readonly now: () => number
  /** Renew several times within it. */
  readonly timeToLiveMs: number
}

/** Takes, renews and gives up leases for one owner. */
export function createLeases({ metadata, owner, now, timeToLiveMs }: LeasesOptions) {
  const sightings = new Map<string, Sighting>()
  const commit = async (changes: readonly Change[]): Promise<Revision | undefined> => {
    try {
      return await metadata.commit(changes)
    } catch (error) {
      if (isEngineError(error, 'Conflict')) return undefined
      throw error
    }
  }

  return {
    /** Undefined while somebody else holds it: ask again and again, for the holder is known to be gone only when nothing changes between. */
    async acquire(key: string): Promise<Lease | undefined> {
      const current = await leaseDocument.get(metadata, key)
      const seen = observe(current, sightings.get(key), { owner, now: now(), timeToLiveMs })
      if (seen !== 'free') {
        sightings.set(key, seen)
        return undefined
      }
      sightings.delete(key)
      const revision = await commit([
        { put: key, value: { owner }, expect: current?.revision ?? 'absent' },
        { put: fenceKeyOf(key), value: { owner } },
      ])
      return revision === undefined ? undefined : { key, token: revision, revision }
    },
    /** Undefined when it has passed to somebody else: stop working at once. */
    async renew(lease: Lease): Promise<Lease | undefined> {
      const revision = await commit([{ put: lease.key, value: { owner }, expect: lease.revision }])
      return revision === undefined ? undefined : { ...lease, revision }
    },
    /** Lets somebody else have it without waiting. */
    async release(lease: Lease): Promise<void> {
      await commit([{ delete: lease.key, expect: lease.revision }])
    },
  }
}
