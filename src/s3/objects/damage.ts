import type { EngineError } from '../../engine/ports/engine.ts'
import type { Problems } from '../../metrics/problems.ts'

/** Objects of one bucket that are told apart; beyond them they are only more. */
const MOST_KNOWN = 1_000

export interface ObjectAddress {
  readonly bucket: string
  readonly key: string
  /** Absent, or `null`, for a version that its key alone names. */
  readonly versionId?: string | undefined
}

/** What tells an object from the others of its bucket: no key, but for a NUL, holds another's name. */
export const nameOf = (key: string, versionId = 'null'): string =>
  versionId === 'null' ? key : `${key}\0${versionId}`

/** Which objects were found damaged, said once per bucket. */
export interface Damage {
  found(object: ObjectAddress, error: EngineError): void
  /** They were deleted or put anew. */
  gone(bucket: string, names: Iterable<string>): void
}

const CODE = 'Damaged'

export function createDamage(problems: Problems): Damage {
  /** Under their buckets, what is wrong with each, by name. */
  const known = new Map<string, Map<string, string>>()
  const whereOf = (bucket: string) => `bucket ${bucket}`
  const say = (bucket: string, objects: ReadonlyMap<string, string>) => {
    const [name, why] = [...objects].at(-1)!
    const [key, version] = name.split(/\0(?=[\w.]{32}$)/)
    const others = objects.size - 1
    const more =
      others === 0 ? '' : `, and ${others >= MOST_KNOWN ? 'more than ' : ''}${others} more of this bucket`
    const which = version === undefined ? '' : `, version ${version},`
    const remedy = version === undefined ? 'delete it, or put it again' : 'delete that version'
    const what = `object ${JSON.stringify(key)}${which} is damaged ${why}${more}: ${remedy}`
    problems.report({ code: CODE, where: whereOf(bucket), what })
  }
  return {
    found({ bucket, key, versionId }, { at, message }) {
      const objects = known.get(bucket) ?? new Map<string, string>()
      known.set(bucket, objects)
      const why = `at byte ${at ?? 0} (${message})`
      const name = nameOf(key, versionId)
      if (objects.get(name) === why) return
      objects.delete(name)
      objects.set(name, why)
      if (objects.size > MOST_KNOWN + 1) objects.delete(objects.keys().next().value!)
      say(bucket, objects)
    },
    gone(bucket, names) {
      const objects = known.get(bucket)
      if (!objects) return
      const before = objects.size
      for (const name of names) objects.delete(name)
      if (objects.size === before) return
      if (objects.size > 0) return say(bucket, objects)
      known.delete(bucket)
      problems.solved(CODE, whereOf(bucket))
    },
  }
}
