import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { noAwsCli, noBoto3 } from '../installed.ts'
import { run, temporaryFolder } from '../process.ts'
import { environmentOf, permanent, startClosed, temporary } from './closed-server.ts'

const BOTO3 = `
import json
import boto3, io, os, urllib.request, urllib.error
from boto3.s3.transfer import TransferConfig
from botocore.client import Config
from botocore.exceptions import ClientError

def refused(code, act):
    try:
        act()
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error.response
        return error.response
    raise AssertionError("taken")

def opened(url, **more):
    return urllib.request.urlopen(urllib.request.Request(url, **more)).read()

s3 = boto3.client("s3", config=Config(s3={"addressing_style": "path"}))
s3.create_bucket(Bucket="lake")
s3.put_object(Bucket="lake", Key="a b/&ü=(1)+~*'", Body=b"hello", Metadata={"spaced": "a  b"}, ContentType="text/plain")
assert s3.get_object(Bucket="lake", Key="a b/&ü=(1)+~*'")["Body"].read() == b"hello"
data = os.urandom(6 << 20)
s3.upload_fileobj(io.BytesIO(data), "lake", "large", Config=TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20))
assert s3.get_object(Bucket="lake", Key="large")["Body"].read() == data
assert [o["Key"] for o in s3.list_objects_v2(Bucket="lake", Prefix="a b/")["Contents"]] == ["a b/&ü=(1)+~*'"]
s3.copy_object(Bucket="lake", Key="copy", CopySource={"Bucket": "lake", "Key": "a b/&ü=(1)+~*'"})
s3.put_object_tagging(Bucket="lake", Key="copy", Tagging={"TagSet": [{"Key": "k", "Value": "v"}]})
s3.delete_objects(Bucket="lake", Delete={"Objects": [{"Key": "copy"}]})

v4 = boto3.client("s3", config=Config(signature_version="s3v4", s3={"addressing_style": "path"}))
for signer in (s3, v4):
    key = {"Bucket": "lake", "Key": "a b/&ü=(1)+~*'"}
    got = signer.generate_presigned_url("get_object", Params={**key, "ResponseContentType": "text/csv"})
    assert opened(got) == b"hello", got
    try:
        opened(got.replace("csv", "html"))
        raise AssertionError("taken")
    except urllib.error.HTTPError as error:
        assert error.code == 403 and b"<Code>SignatureDoesNotMatch</Code>" in error.read()
    put = signer.generate_presigned_url("put_object", Params={"Bucket": "lake", "Key": "put", "Metadata": {"from": "link"}, "ContentType": "text/plain"})
    opened(put, data=b"put", method="PUT", headers={"Content-Type": "text/plain", "x-amz-meta-from": "link"})
    head = s3.head_object(Bucket="lake", Key="put")
    assert head["Metadata"] == {"from": "link"} and head["ContentType"] == "text/plain", head
    part = signer.generate_presigned_url("upload_part", Params={"Bucket": "lake", "Key": "put", "UploadId": "none", "PartNumber": 1})
    try:
        opened(part, data=b"put", method="PUT", headers={"Content-Type": ""})
        raise AssertionError("taken")
    except urllib.error.HTTPError as error:
        assert error.code == 404, error.read()

kinesis = boto3.client("kinesis")
kinesis.create_stream(StreamName="orders", ShardCount=1)
kinesis.get_waiter("stream_exists").wait(StreamName="orders", WaiterConfig={"Delay": 1})
kinesis.put_records(StreamName="orders", Records=[{"Data": bytes([n]) * 100, "PartitionKey": "é" + str(n)} for n in range(100)])
firehose = boto3.client("firehose")
trust = {"Effect": "Allow", "Principal": {"Service": "firehose.amazonaws.com"}, "Action": "sts:AssumeRole"}
boto3.client("iam").create_role(RoleName="firehose", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}))
firehose.create_delivery_stream(DeliveryStreamName="lines", ExtendedS3DestinationConfiguration={
    "RoleARN": "arn:aws:iam::123456789012:role/firehose", "BucketARN": "arn:aws:s3:::lake"})
assert firehose.list_delivery_streams()["DeliveryStreamNames"] == ["lines"]
assert boto3.client("sts").get_caller_identity()["Account"] == "123456789012"
assert b"123456789012" in opened(boto3.client("sts").generate_presigned_url("get_caller_identity", HttpMethod="GET"))

wrong = dict(aws_secret_access_key="wrong")
answer = refused("SignatureDoesNotMatch", lambda: boto3.client("s3", **{"aws_access_key_id": os.environ["AWS_ACCESS_KEY_ID"], "aws_session_token": os.environ.get("AWS_SESSION_TOKEN"), **wrong}).list_buckets())
assert answer["ResponseMetadata"]["HTTPStatusCode"] == 403
assert answer["Error"]["AWSAccessKeyId"] == os.environ["AWS_ACCESS_KEY_ID"], answer
assert answer["Error"]["CanonicalRequest"].startswith("GET\\n/\\n\\nhost:"), answer
same = {"aws_access_key_id": os.environ["AWS_ACCESS_KEY_ID"], "aws_session_token": os.environ.get("AWS_SESSION_TOKEN"), **wrong}
refused("InvalidSignatureException", lambda: boto3.client("kinesis", **same).list_streams())
refused("SignatureDoesNotMatch", lambda: boto3.client("sts", **same).get_caller_identity())
nobody = {"aws_access_key_id": "AKIDNOBODY", "aws_secret_access_key": "x"}
refused("InvalidAccessKeyId", lambda: boto3.client("s3", **nobody).list_buckets())
refused("UnrecognizedClientException", lambda: boto3.client("firehose", **nobody).list_delivery_streams())
refused("InvalidClientTokenId", lambda: boto3.client("sts", **nobody).get_caller_identity())
print("done")
`

for (const credential of [permanent, temporary])
  test(`boto3 is served with the key ${credential.accessKeyId}, and refused with another's secret`, async (t) => {
    const skipped = await noBoto3()
    if (skipped) return t.skip(skipped)
    const { endpoint } = await startClosed(t)
    await python(t, BOTO3, endpoint, credential)
  })

async function python(t: TestContext, script: string, endpoint: string, credential = permanent) {
  const folder = temporaryFolder(t)
  writeFileSync(join(folder, 'script.py'), script)
  const env = { ...environmentOf(endpoint, folder, credential), PYENV_VERSION: process.env.PYENV_VERSION }
  const { code, stdout, stderr } = await run('python3', [join(folder, 'script.py')], { env, cwd: folder })
  assert.equal(code, 0, stdout + stderr)
  assert.match(stdout, /done/)
}

test('the AWS CLI is served', async (t) => {
  const skipped = await noAwsCli()
  if (skipped) return t.skip(skipped)
  const { endpoint } = await startClosed(t)
  const folder = temporaryFolder(t)
  const env = { ...environmentOf(endpoint, folder), PYENV_VERSION: process.env.PYENV_VERSION }
  const aws = async (...args: string[]) => {
    const { code, stdout, stderr } = await run('aws', args, { env, cwd: folder })
    assert.equal(code, 0, `aws ${args.join(' ')}\n${stdout}${stderr}`)
    return stdout
  }
  writeFileSync(join(folder, 'large ü'), Buffer.alloc(9 * 2 ** 20, 'standpipe '))
  await aws('s3', 'mb', 's3://lake')
  await aws('s3', 'cp', 'large ü', 's3://lake/copy/large ü')
  await aws('s3', 'cp', 's3://lake/copy/large ü', 'back')
  const link = (await aws('s3', 'presign', 's3://lake/copy/large ü')).trim()
  assert.equal((await (await fetch(link)).arrayBuffer()).byteLength, 9 * 2 ** 20)
  assert.equal((await fetch(link.replace('large', 'other'))).status, 403)
  await aws('kinesis', 'create-stream', '--stream-name', 'orders', '--shard-count', '1')
  assert.match(await aws('firehose', 'list-delivery-streams'), /DeliveryStreamNames/)
})
