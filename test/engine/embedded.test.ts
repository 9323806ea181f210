import { describe } from 'node:test'
import { blobStoreContract } from './contract/blob-store.ts'
import { logStoreContract } from './contract/log-store.ts'
import { metadataStoreContract } from './contract/metadata-store.ts'
import { openEmbedded } from './embedded-subject.ts'

describe('the embedded engine', () => {
  logStoreContract(openEmbedded)
  metadataStoreContract(openEmbedded)
  blobStoreContract(openEmbedded)
})

describe('the embedded engine with a segment for nearly every commit', () => {
  logStoreContract(() => openEmbedded({ walBytes: 100 }))
})
