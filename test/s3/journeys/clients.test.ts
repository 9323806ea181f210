import assert from 'node:assert/strict'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { clientEnvironment } from '../../client-access.ts'
import { noAwsCli, noBoto3 } from '../../installed.ts'
import { run, temporaryFolder } from '../../process.ts'
import { MiB } from '../bound-s3.ts'
import { serveS3 } from '../serve-s3.ts'

const environment = (endpoint: string, home: string): NodeJS.ProcessEnv => ({
  ...process.env,
  HOME: home,
  ...clientEnvironment(endpoint),
})

test('the AWS CLI fills, lists, reads and removes a bucket', { skip: await noAwsCli() }, async (t) => {
  const { endpoint, errors } = await serveS3(t)
  const folder = temporaryFolder(t)
  const aws = async (...args: string[]) => {
    const { code, stdout, stderr } = await run('aws', ['s3', ...args], {
      env: { ...environment(endpoint, folder), PYENV_VERSION: process.env.PYENV_VERSION },
      cwd: folder,
    })
    assert.equal(code, 0, `aws s3 ${args.join(' ')}\n${stdout}${stderr}`)
    return stdout
  }
  const large = Buffer.alloc(20 * MiB, 'standpipe ')
  mkdirSync(join(folder, 'tree/ü & b'), { recursive: true })
  writeFileSync(join(folder, 'tree/large.bin'), large)
  writeFileSync(join(folder, 'tree/ü & b/small.txt'), 'hello')

  assert.equal((await aws('sync', 'tree', 's3://lake/copy')).match(/upload:/g)?.length, 2)
  const listing = await aws('ls', 's3://lake', '--recursive')
  assert.match(listing, /20971520 copy\/large\.bin\n/)
  assert.match(listing, / 5 copy\/ü & b\/small\.txt\n/)
  await aws('cp', 's3://lake/copy/large.bin', 'back.bin')
  assert.ok(large.equals(readFileSync(join(folder, 'back.bin'))))
  assert.match(await aws('rb', 's3://lake', '--force'), /remove_bucket: lake/)
  assert.deepEqual(errors, [])
})

const SCRIPT = `
import boto3, io, urllib.request
from botocore.exceptions import ClientError
s3 = boto3.client("s3")
data = b"standpipe " * 1_000_000

s3.put_object(Bucket="lake", Key="a b/&ü", Body=b"hello", Metadata={"origin": "boto3"})
got = s3.get_object(Bucket="lake", Key="a b/&ü")
assert got["Body"].read() == b"hello" and got["Metadata"] == {"origin": "boto3"}, got

s3.upload_fileobj(io.BytesIO(data), "lake", "large")
out = io.BytesIO()
s3.download_fileobj("lake", "large", out)
assert out.getvalue() == data
assert s3.head_object(Bucket="lake", Key="large")["ETag"].endswith('-2"')
assert s3.get_object(Bucket="lake", Key="large", Range="bytes=-10")["Body"].read() == data[-10:]

s3.copy({"Bucket": "lake", "Key": "large"}, "lake", "copy")
for number in range(5):
    s3.put_object(Bucket="lake", Key=f"dir/{number}", Body=b"")
pages = s3.get_paginator("list_objects_v2").paginate(Bucket="lake", Delimiter="/", PaginationConfig={"PageSize": 2})
seen = [(o.get("Key") or o.get("Prefix")) for p in pages for o in p.get("CommonPrefixes", []) + p.get("Contents", [])]
assert sorted(seen) == ["a b/", "copy", "dir/", "large"], seen

link = s3.generate_presigned_url("get_object", Params={"Bucket": "lake", "Key": "dir/0"})
assert urllib.request.urlopen(link).status == 200

bucket = boto3.resource("s3").Bucket("lake")
for call, code in [
    (lambda: s3.get_object(Bucket="lake", Key="none"), "NoSuchKey"),
    (lambda: s3.head_object(Bucket="lake", Key="none"), "404"),
    (lambda: s3.list_objects_v2(Bucket="nowhere"), "NoSuchBucket"),
    (lambda: s3.put_object(Bucket="nowhere", Key="a", Body=data), "NoSuchBucket"),
    (lambda: s3.put_object(Bucket="lake", Key="large", Body=b"x", IfNoneMatch="*"), "PreconditionFailed"),
    (lambda: s3.put_bucket_versioning(Bucket="lake", VersioningConfiguration={"Status": "Enabled", "MFADelete": "Enabled"}), "NotImplemented"),
    (bucket.delete, "BucketNotEmpty"),
]:
    try:
        call()
        raise SystemExit(f"{code} was not raised")
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
bucket.objects.all().delete()
bucket.delete()
print("done")
`

test('boto3 does the same with its own transfers, pages and links', { skip: await noBoto3() }, async (t) => {
  const { endpoint, errors } = await serveS3(t)
  const { stdout, stderr } = await run('python3', ['-c', SCRIPT], {
    env: environment(endpoint, temporaryFolder(t)),
  })
  assert.equal(stdout, 'done\n', stderr)
  assert.deepEqual(errors, [])
})
