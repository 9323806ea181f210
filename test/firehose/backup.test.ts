import assert from 'node:assert/strict'
import { test } from 'node:test'
import { extendedOf, update } from './destination-requests.ts'
import { ACCOUNT, createActive, createLab, destination, NAME, REGION, ROLE, textOf } from './firehose-lab.ts'

test('a backup keeps every record of the source as it came, in its own rhythm', async () => {
  const lab = await createLab()
  const delivery = await lab.boot()
  const backup = {
    RoleARN: ROLE,
    BucketARN: 'arn:aws:s3:::bucket',
    Prefix: 'backup/',
    BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 60 },
    CompressionFormat: 'GZIP',
  }
  await createActive(
    lab,
    destination({
      S3BackupMode: 'Enabled',
      S3BackupConfiguration: backup,
      ProcessingConfiguration: { Enabled: true, Processors: [{ Type: 'AppendDelimiterToRecord' }] },
    }),
  )
  await lab.put('a')
  await lab.put('b')
  await lab.clock.advance(60_000)
  assert.deepEqual(lab.bucket.list().map(textOf), ['ab'])
  assert.match(lab.bucket.list()[0]!.key, /^backup\/2026.*\.gz$/)
  assert.equal((await delivery.status(ACCOUNT, REGION, NAME)).backup?.buffered.records, 0)
  await lab.clock.advance(240_000)
  assert.deepEqual(lab.bucket.list().map(textOf), ['ab', 'a\nb\n'])
  const described = await extendedOf(lab)
  assert.equal(described.S3BackupMode, 'Enabled')
  assert.equal((described.S3BackupDescription as { Prefix: string }).Prefix, 'backup/')
  await assert.rejects(update(lab, 1, { S3BackupMode: 'Disabled' }), { code: 'InvalidArgumentException' })
})

test('a backup that an update switches on begins then, and both go on', async () => {
  const lab = await createLab()
  await lab.boot()
  await createActive(lab)
  await lab.put('before ')
  await lab.clock.advance(1)
  await update(lab, 1, {
    S3BackupMode: 'Enabled',
    S3BackupUpdate: { RoleARN: ROLE, BucketARN: 'arn:aws:s3:::bucket', Prefix: 'backup/' },
  })
  await lab.put('after')
  await lab.clock.advance(300_000)
  assert.deepEqual(lab.bucket.list().map(textOf).sort(), ['after', 'before after'])
})
