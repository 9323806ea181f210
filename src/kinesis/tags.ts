import { invalidTagCharacters, tooManyTags } from './exceptions.ts'
import { MAX_TAGS } from './quotas.ts'
import type { StreamRef } from './stream-ref.ts'

/** https://docs.aws.amazon.com/streams/latest/dev/tagging.html */
const VALID = /^[\p{L}\p{N}\p{Z}_./=+\-%@:]*$/u

/** Throws InvalidArgumentException unless the stream may carry these tags. */
export function checkTags(stream: StreamRef, tags: Readonly<Record<string, string>>): void {
  const entries = Object.entries(tags)
  if (entries.some(([key, value]) => !VALID.test(key) || !VALID.test(value))) throw invalidTagCharacters()
  if (entries.length > MAX_TAGS) throw tooManyTags(stream, MAX_TAGS)
}
