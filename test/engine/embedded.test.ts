import { describe, test } from 'node:test'
import { blobStoreContract } from './contract/blob-store.ts'
import { logStoreContract } from './contract/log-store.ts'
import { metadataStoreContract } from './contract/metadata-store.ts'
import { openEmbedded } from './embedded-subject.ts'

describe('the embedded engine', () => {
  logStoreContract(openEmbedded)
  metadataStoreContract(openEmbedded)
  blobStoreContract(openEmbedded)
  test('two openings of one store', {
    skip: 'a data folder is open in one process alone: its lock refuses every other (data-folder.test.ts)',
  })
})

describe('the embedded engine with a segment for nearly every commit', () => {
  logStoreContract(() => openEmbedded({ walBytes: 100 }))
})
