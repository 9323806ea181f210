/**
 * moto checks signatures with botocore's own code: that ours are right is not for Standpipe to say alone. Of keys with
 * special characters it takes nobody's, not even the SDK's: those are compared with the SDK in s3-target.test.ts.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { type TestContext, test } from 'node:test'
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { run } from '../process.ts'
import { clientOf } from '../server.ts'
import { objectOf, remoteAt, targetAt, unending } from './remote-lab.ts'

const noMoto =
  (await run('python3', ['-c', 'import moto.server, flask, boto3']).catch(() => ({ code: 1 }))).code !== 0 &&
  'moto and its server are not installed'

/** A user with all rights; resolves with the user's keys, as JSON. */
const CREATE_USER = `
import boto3, json, sys
iam = boto3.client("iam", endpoint_url=sys.argv[1], region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")
iam.create_user(UserName="delivery")
everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
iam.put_user_policy(UserName="delivery", PolicyName="all", PolicyDocument=json.dumps(everything))
print(json.dumps(iam.create_access_key(UserName="delivery")["AccessKey"], default=str))
`

/** moto on a free port, with one user; from then on it lets nobody else in. */
async function startMoto(test: TestContext) {
  const child = spawn('python3', ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  test.after(() => child.kill('SIGKILL'))
  let endpoint: string | undefined
  for await (const line of createInterface({ input: child.stderr })) {
    endpoint = /http:\/\/[\d.]+:\d+/.exec(line)?.[0]
    if (endpoint) break
  }
  child.stderr.resume()
  assert.ok(endpoint)
  const { stdout, stderr } = await run('python3', ['-c', CREATE_USER, endpoint])
  assert.match(stdout, /AccessKeyId/, stderr)
  const { AccessKeyId, SecretAccessKey } = JSON.parse(stdout)
  await fetch(`${endpoint}/moto-api/reset-auth`, { method: 'POST', body: '0' })
  const credentials = { accessKeyId: AccessKeyId as string, secretAccessKey: SecretAccessKey as string }
  const s3 = clientOf(
    test,
    new S3Client({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true }),
  )
  await s3.send(new CreateBucketCommand({ Bucket: 'lake' }))
  return { endpoint, credentials, s3 }
}

test('an S3 that checks signatures takes ours, once, and refuses wrong keys by name', {
  skip: noMoto,
}, async (t) => {
  const { endpoint, credentials, s3 } = await startMoto(t)
  const remote = remoteAt(endpoint, { target: targetAt(endpoint, { credentials }) })
  const objects = ['plain', 'a b/c?#~'].map((key) => objectOf(`content of ${key}`, { key }))
  for (const object of objects) {
    const put = await remote.put(object, unending)
    assert.deepEqual(await remote.put(object, unending), put)
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'lake', Key: object.key }))
    assert.equal(await Body?.transformToString(), `content of ${object.key}`)
  }
  await assert.rejects(remote.put(objectOf('another', { key: 'plain' }), unending), {
    code: 'PreconditionFailed',
    message: /another object/,
  })
  const strangers = [
    [{ ...credentials, secretAccessKey: 'wrong' }, 'SignatureDoesNotMatch'],
    [{ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wrong' }, 'InvalidAccessKeyId'],
  ] as const
  for (const [credentials, code] of strangers) {
    const stranger = remoteAt(endpoint, { target: targetAt(endpoint, { credentials }) })
    await assert.rejects(stranger.put(objectOf('x', { key: 'new' }), unending), {
      code,
      status: 403,
      isUncertain: false,
    })
  }
})
