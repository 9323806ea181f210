import type { Format } from './format.ts'
import { joined } from './joined.ts'

/** By the names that plans and manifests have for them. */
const FORMATS = {
  /** The records as they are, one after another. */
  joined,
} satisfies Record<string, Format>

export type FormatName = keyof typeof FORMATS
export const JOINED = 'joined' satisfies FormatName
export const formatOf = (name: FormatName): Format => FORMATS[name]
