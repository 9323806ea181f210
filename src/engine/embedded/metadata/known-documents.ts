import type { Document, Revision } from '../../ports/engine.ts'
import { freeze } from '../../shared/document-rules.ts'

const MAX_DOCUMENTS = 1_000
const MAX_DOCUMENT_BYTES = 4 * 1024

/**
 * Small documents that were read lately, so that they need not be parsed again. What stands under a key at a revision
 * never changes, so no commit has to be told of here. Their readers share them: they are frozen.
 */
export function createKnownDocuments() {
  const documents = new Map<string, Document<unknown>>()
  return {
    find<T>(key: string, revision: Revision): Document<T> | undefined {
      const document = documents.get(key)
      return document?.revision === revision ? (document as Document<T>) : undefined
    },
    /** Of plain values alone. `sizeBytes` is what it takes to keep them. */
    add(document: Document<unknown>, sizeBytes: number): void {
      if (sizeBytes > MAX_DOCUMENT_BYTES) return
      documents.set(document.key, freeze(document))
      if (documents.size > MAX_DOCUMENTS) documents.delete(documents.keys().next().value!)
    },
  }
}
