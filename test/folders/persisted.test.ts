import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { kindOf } from '../../src/server/documents/persisted.ts'
import { openEmbedded } from '../engine/embedded-subject.ts'
import { temporaryFolder } from '../process.ts'

for (const name of globSync('*.tar.gz', { cwd: import.meta.dirname }).sort())
  test(`every document of ${name} is of a kind that is known, and passes its check`, async (t) => {
    const dataDir = join(temporaryFolder(t), 'data')
    execFileSync('mkdir', [dataDir])
    execFileSync('tar', ['-xzf', join(import.meta.dirname, name), '-C', dataDir])
    const { engine, close } = await openEmbedded({ dataDir })
    t.after(close)
    const { metadata } = engine
    const kinds = new Set<string>()
    for (const document of await metadata.list({ prefix: '' })) {
      const kind = kindOf(document.key)
      assert.ok(kind, `${document.key} is of no kind`)
      const { value } = kind.read(metadata, document)
      // What a later version reads as something else says so.
      if (kind.version === 1) assert.deepEqual(value, document.value)
      else assert.equal((value as { documentVersion?: number }).documentVersion, kind.version)
      kinds.add(kind.keys)
    }
    t.diagnostic([...kinds].join(' '))
    assert.ok(kinds.size >= 10, [...kinds].join(' '))
  })
