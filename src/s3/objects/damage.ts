import type { EngineError } from '../../engine/ports/engine.ts'
import type { Problems } from '../../metrics/problems.ts'

/** Objects of one bucket that are told apart; beyond them they are only more. */
const MOST_KNOWN = 1_000

export interface ObjectAddress {
  readonly bucket: string
  readonly key: string
}

/** Which objects were found damaged, said once per bucket. */
export interface Damage {
  found(object: ObjectAddress, error: EngineError): void
  /** They were deleted or put anew. */
  gone(bucket: string, keys: Iterable<string>): void
}

const CODE = 'Damaged'

export function createDamage(problems: Problems): Damage {
  /** Under their buckets, what is wrong with each key. */
  const known = new Map<string, Map<string, string>>()
  const whereOf = (bucket: string) => `bucket ${bucket}`
  const say = (bucket: string, objects: ReadonlyMap<string, string>) => {
    const [key, why] = [...objects].at(-1)!
    const others = objects.size - 1
    const more =
      others === 0 ? '' : `, and ${others >= MOST_KNOWN ? 'more than ' : ''}${others} more of this bucket`
    const what = `object ${JSON.stringify(key)} is damaged ${why}${more}: delete it, or put it again`
    problems.report({ code: CODE, where: whereOf(bucket), what })
  }
  return {
    found({ bucket, key }, { at, message }) {
      const objects = known.get(bucket) ?? new Map<string, string>()
      known.set(bucket, objects)
      const why = `at byte ${at ?? 0} (${message})`
      if (objects.get(key) === why) return
      objects.delete(key)
      objects.set(key, why)
      if (objects.size > MOST_KNOWN + 1) objects.delete(objects.keys().next().value!)
      say(bucket, objects)
    },
    gone(bucket, keys) {
      const objects = known.get(bucket)
      if (!objects) return
      const before = objects.size
      for (const key of keys) objects.delete(key)
      if (objects.size === before) return
      if (objects.size > 0) return say(bucket, objects)
      known.delete(bucket)
      problems.solved(CODE, whereOf(bucket))
    },
  }
}
