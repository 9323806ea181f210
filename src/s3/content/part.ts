import { number, shape, text } from '../../engine/ports/checks.ts'
import { document } from '../../engine/ports/document.ts'
import { everyPartPrefix } from '../documents.ts'
import { type Content, contentCheck } from './content.ts'

/** A part of an upload. */
export interface Part {
  readonly partNumber: number
  readonly sizeBytes: number
  /** Unquoted. */
  readonly etag: string
  /** ms since 1970, whole seconds */
  readonly lastModified: number
  /** Base64, of the upload's algorithm. */
  readonly checksum: string
  readonly content: Content
}

export const partDocument = document<Part>({
  keys: everyPartPrefix,
  version: 1,
  check: shape<Part>({
    ...{ partNumber: number, sizeBytes: number, etag: text, lastModified: number, checksum: text },
    content: contentCheck,
  }),
})
