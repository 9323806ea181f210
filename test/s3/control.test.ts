import assert from 'node:assert/strict'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { GetBucketTaggingCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { run, temporaryFolder } from '../process.ts'
import { serveS3 } from './serve-s3.ts'

const ACCOUNT = '123456789012'
const PATH = `/v20180820/tags/${encodeURIComponent('arn:aws:s3:::lake')}`
const tagsOf = (...tags: [key: string, value: string][]) =>
  `<TagResourceRequest xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"><Tags>${tags
    .map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`)
    .join('')}</Tags></TagResourceRequest>`

/** As Terraform calls it: the account in front of the host's name. */
const call = (endpoint: string, method: string, path: string, body = '') =>
  new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    const { hostname, port } = new URL(endpoint)
    const headers = {
      host: `${ACCOUNT}.localhost:${port}`,
      'x-amz-account-id': ACCOUNT,
      authorization: `AWS4-HMAC-SHA256 Credential=${ACCOUNT}/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=00`,
    }
    request({ hostname, port, method, path, headers, agent: false }, async (answer) =>
      resolve({ status: answer.statusCode, body: await text(answer) }),
    )
      .on('error', reject)
      .end(body)
  })

test("a bucket's tags are added, listed and removed through S3 Control", async (t) => {
  const { endpoint, client, errors } = await serveS3(t)
  assert.equal((await call(endpoint, 'POST', PATH, tagsOf(['a', '1'], ['b', '2']))).status, 204)
  assert.equal((await call(endpoint, 'POST', PATH, tagsOf(['b', '3'], ['c', '4']))).status, 204)
  const { TagSet } = await client().send(new GetBucketTaggingCommand({ Bucket: 'lake' }))
  assert.deepEqual(TagSet, [
    { Key: 'a', Value: '1' },
    { Key: 'b', Value: '3' },
    { Key: 'c', Value: '4' },
  ])
  assert.equal((await call(endpoint, 'DELETE', `${PATH}?tagKeys=a&tagKeys=b`)).status, 204)
  const listed = await call(endpoint, 'GET', PATH)
  assert.equal(
    listed.body,
    '<?xml version="1.0" encoding="UTF-8"?>\n<ListTagsForResourceResult xmlns="http://awss3control.amazonaws.com/doc/2018-08-20/"><Tags><Tag><Key>c</Key><Value>4</Value></Tag></Tags></ListTagsForResourceResult>',
  )
  assert.deepEqual(errors, [])
})

test('what S3 Control refuses it wraps, and what we have not it refuses by name', async (t) => {
  const { endpoint, errors } = await serveS3(t)
  const missing = await call(endpoint, 'GET', PATH.replace('lake', 'none'))
  assert.equal(missing.status, 404)
  assert.match(missing.body, /<ErrorResponse [^>]+><Error><Code>NoSuchBucket<.*<\/Error><RequestId>/)
  const grant = encodeURIComponent('arn:aws:s3:us-east-1:123456789012:access-grants/default')
  assert.equal((await call(endpoint, 'GET', `/v20180820/tags/${grant}`)).status, 501)
  assert.equal((await call(endpoint, 'GET', '/v20180820/tags/lake')).status, 400)
  const jobs = await call(endpoint, 'GET', '/v20180820/jobs')
  assert.equal(jobs.status, 501)
  assert.match(jobs.body, /GET \/v20180820\/jobs/)
  assert.match((await call(endpoint, 'POST', PATH, tagsOf(['aws:a', '1']))).body, /<Code>InvalidTag</)
  assert.deepEqual(errors, [])
})

test('a bucket may be called as S3 Control calls its version', async (t) => {
  const { client, endpoint, call: invoke } = await serveS3(t)
  await invoke('CreateBucket', { Bucket: 'v20180820' })
  await client().send(new PutObjectCommand({ Bucket: 'v20180820', Key: 'tags/a', Body: 'hello' }))
  assert.equal(await (await fetch(`${endpoint}/v20180820/tags/a`)).text(), 'hello')
})

const SCRIPT = `
import boto3, socket
# As a resolver does that knows every name of this machine: boto3 puts the account in front of the host.
resolve = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest: resolve("127.0.0.1", *rest)
control = boto3.client("s3control")
arn = "arn:aws:s3:::lake"
account = "123456789012"
control.tag_resource(AccountId=account, ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
control.untag_resource(AccountId=account, ResourceArn=arn, TagKeys=["a"])
assert control.list_tags_for_resource(AccountId=account, ResourceArn=arn)["Tags"] == [{"Key": "b", "Value": "2"}]
try:
    control.list_tags_for_resource(AccountId=account, ResourceArn="arn:aws:s3:::none")
except control.exceptions.ClientError as error:
    assert error.response["Error"]["Code"] == "NoSuchBucket", error.response
print("done")
`
const noBoto3 =
  (await run('python3', ['-c', 'import boto3']).catch(() => ({ code: 1 }))).code !== 0 &&
  'boto3 is not installed'

test('boto3 speaks to S3 Control', { skip: noBoto3 }, async (t) => {
  const { endpoint, errors } = await serveS3(t)
  const { stdout, stderr } = await run('python3', ['-c', SCRIPT], {
    env: {
      ...process.env,
      HOME: temporaryFolder(t),
      AWS_ENDPOINT_URL: endpoint,
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: ACCOUNT,
      AWS_SECRET_ACCESS_KEY: 'secret',
    },
  })
  assert.equal(stdout, 'done\n', stderr)
  assert.deepEqual(errors, [])
})
