import { duplicateTags, reservedTag, tooManyTags } from './exceptions.ts'

/** Of one user, role or policy. */
const MOST_TAGS = 50

export interface TagMember {
  readonly Key: string
  readonly Value: string
}

export type Tags = Readonly<Record<string, string>>

interface Tagged {
  readonly tags?: Tags
}

/** Throws InvalidInput, or LimitExceeded. A key that is there already gets the new value, and its new case. */
export function withTags<T extends Tagged>(tagged: T, given: readonly TagMember[]): T {
  const keys = given.map(({ Key }) => Key.toLowerCase())
  if (new Set(keys).size < keys.length) throw duplicateTags()
  if (keys.some((key) => key.startsWith('aws:'))) throw reservedTag()
  const kept = Object.entries(tagged.tags ?? {}).filter(([key]) => !keys.includes(key.toLowerCase()))
  const tags = [...kept, ...given.map(({ Key, Value }) => [Key, Value] as const)]
  if (tags.length > MOST_TAGS) throw tooManyTags()
  return { ...tagged, tags: Object.fromEntries(tags) }
}

export function withoutTags<T extends Tagged>(tagged: T, given: readonly string[]): T {
  const keys = given.map((key) => key.toLowerCase())
  const kept = Object.entries(tagged.tags ?? {}).filter(([key]) => !keys.includes(key.toLowerCase()))
  return { ...tagged, tags: Object.fromEntries(kept) }
}

export const tagMembers = ({ tags = {} }: Tagged): TagMember[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
