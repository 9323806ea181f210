import { invalidTagCharacters, tooManyTags } from '../exceptions/resources.ts'
import type { StreamRef } from '../stream-ref.ts'

/** Of a stream, a consumer or a channel. */
const MAX_TAGS = 50

export type Tags = Readonly<Record<string, string>>

/** https://docs.aws.amazon.com/streams/latest/dev/tagging.html */
const VALID = /^[\p{L}\p{N}\p{Z}_./=+\-%@:]*$/u

/** Throws InvalidArgumentException unless the stream, or one of its consumers, may carry these tags. */
export function checkTags(stream: StreamRef, tags: Tags): void {
  const entries = Object.entries(tags)
  if (entries.some(([key, value]) => !VALID.test(key) || !VALID.test(value))) throw invalidTagCharacters()
  if (entries.length > MAX_TAGS) throw tooManyTags(stream, MAX_TAGS)
}

/** Throws like `checkTags`. */
export const withTags =
  (added: Tags) =>
  <R extends { readonly tags: Tags }>(resource: R, stream: StreamRef): R => {
    const tags = { ...resource.tags, ...added }
    checkTags(stream, tags)
    return { ...resource, tags }
  }

/** Throws InvalidArgumentException for keys that no tag can have. */
export const withoutTags =
  (keys: readonly string[]) =>
  <R extends { readonly tags: Tags }>(resource: R): R => {
    if (!keys.every((key) => VALID.test(key))) throw invalidTagCharacters()
    const kept = Object.entries(resource.tags).filter(([key]) => !keys.includes(key))
    return { ...resource, tags: Object.fromEntries(kept) }
  }

/** As AWS lists them: by key. */
export const listedTags = (tags: Tags) =>
  Object.entries(tags)
    .map(([Key, Value]) => ({ Key, Value }))
    .sort((a, b) => (a.Key < b.Key ? -1 : 1))
