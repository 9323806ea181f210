import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { S3 } from '@aws-sdk/client-s3'
import { ADMIN, keyFile } from '../../access/closed-server.ts'
import { allow, policyOf } from '../../auth/users.ts'
import { temporaryFolder } from '../../process.ts'
import { clientOf, startServer } from '../../server.ts'
import { FOR_ALL, OBJECTS, UNBLOCKED } from '../bucket-policies.ts'
import { postForm, signedFields } from './signed-fields.ts'

const keyOf = (name: string, ...statements: object[]) => ({
  accessKeyId: `AKID${name}`,
  secretAccessKey: `the long enough secret of ${name}`,
  policies: [JSON.parse(policyOf(...statements))],
})
const WRITER = keyOf('WRITER', allow('s3:PutObject', `${OBJECTS.slice(0, -1)}in/*`))
const TAGGER = keyOf('TAGGER', allow(['s3:PutObject', 's3:PutObjectTagging', 's3:PutObjectAcl'], OBJECTS))
const LINKER = keyOf(
  'LINKER',
  allow('s3:PutObject', OBJECTS, { Condition: { StringNotEquals: { 's3:authType': 'POST' } } }),
)
const READER = keyOf('READER', allow('s3:GetObject', OBJECTS))
const TAGGING = '<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag></TagSet></Tagging>'

test('a form may do what whoever signed it may do', async (t) => {
  const accessLog = join(temporaryFolder(t), 'access.log')
  const keys = [{ ...ADMIN, policies: [JSON.parse(policyOf(allow('*')))] }, WRITER, TAGGER, LINKER, READER]
  const standpipe = await startServer(t, { auth: keyFile(t, keys), accessLog })
  const s3 = clientOf(t, new S3({ ...standpipe.clientConfig, credentials: ADMIN }))
  await s3.createBucket({ Bucket: 'lake' })
  const url = `${standpipe.endpoint}/lake`
  for (const [key, fields, status] of [
    [WRITER, { key: 'in/a' }, 204],
    [WRITER, { key: 'out' }, 403],
    [WRITER, { key: 'in/a', tagging: TAGGING }, 403],
    [WRITER, { key: 'in/a', acl: 'private' }, 403],
    [TAGGER, { key: 'tagged', tagging: TAGGING, acl: 'private' }, 204],
    [LINKER, { key: 'in/a' }, 403],
    [READER, { key: 'in/a' }, 403],
  ] as const)
    assert.equal(
      (await postForm(url, signedFields(key, fields))).status,
      status,
      JSON.stringify([key.accessKeyId, fields]),
    )
  const foreign = await postForm(`${standpipe.endpoint}/nowhere`, signedFields(WRITER, { key: 'in/a' }))
  assert.match(foreign.text, /NoSuchBucket|Policy Condition failed/)

  assert.equal((await postForm(url, { key: 'in/b' })).status, 403, 'nobody may')
  await s3.putPublicAccessBlock(UNBLOCKED)
  await s3.putBucketPolicy({ Bucket: 'lake', Policy: policyOf({ ...FOR_ALL, Action: 's3:PutObject' }) })
  assert.equal((await postForm(url, { key: 'in/b' })).status, 204, 'everybody may')
  assert.equal((await postForm(url, { key: 'in/b', tagging: TAGGING })).status, 403)

  await standpipe.close()
  const lines = readFileSync(accessLog, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const posted = lines.filter(({ method }) => method === 'POST')
  const { service, operation, resource, accessKeyId, status } = posted[0]
  assert.deepEqual(
    { service, operation, resource, accessKeyId, status },
    {
      ...{ service: 'S3', operation: 'PostObject', resource: 'arn:aws:s3:::lake/in/a' },
      ...{ accessKeyId: 'AKIDWRITER', status: 204 },
    },
  )
})
