import type { Format } from './format.ts'
import { joined } from './joined.ts'

/** By the names that plans and manifests have for them. */
export const FORMATS = {
  /** The records as they are, one after another. */
  joined,
} satisfies Formats

export type Formats = Readonly<Record<string, Format>>

/** That of those who do not name another. */
export const JOINED = 'joined' satisfies keyof typeof FORMATS

/** Throws when there is none of that name (any more). */
export function formatOf(formats: Formats, name: string): Format {
  const found = formats[name]
  if (!found) throw new Error(`there is no format of the name ${name}`)
  return found
}
