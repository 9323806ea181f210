import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import {
  deletedKeys,
  type VersionListing,
  versionsOfKey,
} from '../../console/screens/objects/version-list.ts'
import { newVersionId } from '../../src/s3/objects/version-id.ts'
import { clientOf, startServer } from '../server.ts'
import { noChromium } from './chromium.ts'
import { openPage } from './open-page.ts'

const Bucket = 'lake'
type Entry = NonNullable<VersionListing['Versions']>[number]

const k = { Bucket, Key: 'logs/k' }

test('the versions of a key are those of no longer key, the latest first', () => {
  const entry = { Key: 'k', VersionId: 'a', IsLatest: false, LastModified: 5, Size: 1 }
  const listing = {
    Versions: [entry, { ...entry, VersionId: 'b', LastModified: 3 }, { ...entry, Key: 'k2', IsLatest: true }],
    DeleteMarkers: [
      { ...entry, VersionId: 'm', IsLatest: true, LastModified: 5 },
      { ...entry, VersionId: 'n', LastModified: 4 },
    ],
    IsTruncated: false,
  }
  assert.deepEqual(
    versionsOfKey(listing, 'k').map(({ id, isMarker }) => [id, isMarker]),
    [
      ['m', true],
      ['a', false],
      ['n', true],
      ['b', false],
    ],
  )
  assert.deepEqual(deletedKeys(listing), ['k'])
})

test('versions of one second are in the order that their ids tell, with delete markers between them', () => {
  const made = ['a', 'b', 'marker', 'c'].map((chance, index) => ({
    ...{ Key: 'k', LastModified: 5, Size: 1, IsLatest: chance === 'c' },
    VersionId: newVersionId(2 ** 40 + 61 + index, chance),
  }))
  const [a, b, marker, c] = made as [Entry, Entry, Entry, Entry]
  const isNull = { ...a, VersionId: 'null' }
  const listing = { Versions: [c, b, a, isNull], DeleteMarkers: [marker], IsTruncated: false }
  assert.deepEqual(
    versionsOfKey(listing, 'k').map(({ id }) => id),
    [c, marker, b, a, isNull].map(({ VersionId }) => VersionId),
  )
})

test('an object that was deleted is found, and one of its versions is looked at and restored', {
  skip: noChromium,
}, async (t) => {
  const { endpoint, clientConfig } = await startServer(t, { clock: 'manual' })
  const s3 = clientOf(t, new S3Client(clientConfig))
  await fetch(`${endpoint}/${Bucket}`, { method: 'PUT' })
  const VersioningConfiguration = { Status: 'Enabled' as const }
  await s3.send(new PutObjectCommand({ ...k, Key: 'logs/plain', Body: 'plain' }))
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }))
  const first = await s3.send(new PutObjectCommand({ ...k, Body: 'the first text' }))
  await s3.send(new PutObjectCommand({ ...k, Body: 'the second text' }))
  const page = await openPage(t, endpoint)
  const main = page.getByRole('main')
  const shoot = async (name: string) => {
    if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/${name}.png` })
  }
  const open = (key: string) =>
    page.goto(`${endpoint}/_standpipe/objects?bucket=${Bucket}&prefix=logs/${key && `&key=logs/${key}`}`)

  // Where there is only the object nothing is said of versions.
  await open('plain')
  await main.getByText('plain', { exact: true }).last().waitFor()
  assert.equal(await main.getByText('Versions, the newest first').count(), 0)

  await open('k')
  await main.getByText('the second text').waitFor()
  await main.getByText('Versions, the newest first').waitFor()
  await main
    .getByRole('row')
    .filter({ hasText: first.VersionId! })
    .getByRole('button', { name: 'Show' })
    .click()
  await main.getByText('the first text').waitFor()
  await shoot('versions')

  await s3.send(new DeleteObjectCommand(k))
  await open('')
  await main.getByRole('button', { name: 'Show deleted objects' }).click()
  await main.getByRole('list', { name: 'Deleted objects' }).getByRole('link').click()
  await main.getByText('its latest version is a delete marker').waitFor()
  await main.getByText('delete marker', { exact: true }).waitFor()
  await shoot('deleted')
  await main
    .getByRole('row')
    .filter({ hasText: first.VersionId! })
    .getByRole('button', { name: 'Restore' })
    .click()
  await main.getByText('the first text').waitFor()
  await shoot('restored')
  const restored = await s3.send(new GetObjectCommand(k))
  assert.equal(await restored.Body!.transformToString(), 'the first text')
  assert.notEqual(restored.VersionId, first.VersionId)
  await main.getByText('No object was deleted here.').waitFor()
})
