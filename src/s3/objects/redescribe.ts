import type { Document } from '../../engine/ports/engine.ts'
import { untilCommitted } from '../../engine/ports/update.ts'
import type { Bucket } from '../buckets/bucket.ts'
import type { Cause } from '../notifications/cause.ts'
import type { Outbox } from '../notifications/outbox.ts'
import type { EventObject } from '../notifications/owed-event.ts'
import { type Finding, requireObject } from './found.ts'
import { eventObjectOf, type StoredObject } from './stored-object.ts'

interface Redescribed {
  readonly key: string
  readonly versionId: string | undefined
  /** Of the request, for what it is told of a delete marker. */
  readonly method: string
  /** What is told of it to those who are notified. */
  readonly causesIn: (home: Bucket) => readonly Cause[]
  /** What events tell of the object besides. */
  readonly told?: (event: Cause['event'], object: StoredObject) => Partial<EventObject>
}

/**
 * Changes what is said of an object, or of a version, in a bucket that is as `change` is told it is; its ETag and time
 * stay. Resolves with what it is then.
 */
export const redescribe = (
  ports: Finding & { readonly outbox: Outbox },
  findHome: () => Promise<Document<Bucket>>,
  { key, versionId, method, causesIn, told = () => ({}) }: Redescribed,
  change: (object: StoredObject, bucket: Bucket) => StoredObject,
): Promise<{ readonly object: StoredObject; readonly bucket: Bucket }> =>
  untilCommitted(async () => {
    const home = await findHome()
    const object = await requireObject(ports, home.value, { key, versionId }, { method })
    const value = change(object.value, home.value)
    const owed = causesIn(home.value).flatMap((cause) =>
      ports.outbox.owed(home.value, cause, { ...eventObjectOf(key, value), ...told(cause.event, value) }),
    )
    await ports.metadata.commit([
      { put: object.key, value, expect: object.revision },
      { check: home.key, expect: home.revision },
      ...owed,
    ])
    return { object: value, bucket: home.value }
  })
