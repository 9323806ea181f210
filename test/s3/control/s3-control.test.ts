import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PutObjectCommand } from '@aws-sdk/client-s3'
import { clientEnvironment, fetchSigned, notClosed } from '../../client-access.ts'
import { noBoto3 } from '../../installed.ts'
import { run, temporaryFolder } from '../../process.ts'
import { serveS3 } from '../serve-s3.ts'
import { call } from './control-request.ts'

test('what S3 Control has and we have not is refused by name', {
  skip: notClosed('a made-up signature is refused before'),
}, async (t) => {
  const { endpoint, errors } = await serveS3(t)
  const jobs = await call(endpoint, 'GET', '/v20180820/jobs')
  assert.equal(jobs.status, 501)
  assert.match(jobs.body, /GET \/v20180820\/jobs/)
  assert.deepEqual(errors, [])
})

test('a bucket may be called as S3 Control calls its version', async (t) => {
  const { client, endpoint, call: invoke } = await serveS3(t)
  await invoke('CreateBucket', { Bucket: 'v20180820' })
  await client().send(new PutObjectCommand({ Bucket: 'v20180820', Key: 'tags/a', Body: 'hello' }))
  assert.equal(await (await fetchSigned(`${endpoint}/v20180820/tags/a`)).text(), 'hello')
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

test('boto3 speaks to S3 Control', { skip: await noBoto3() }, async (t) => {
  const { endpoint, errors } = await serveS3(t)
  const { stdout, stderr } = await run('python3', ['-c', SCRIPT], {
    env: {
      ...process.env,
      HOME: temporaryFolder(t),
      ...clientEnvironment(endpoint),
    },
  })
  assert.equal(stdout, 'done\n', stderr)
  assert.deepEqual(errors, [])
})
