import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { s3Service } from '../../../src/s3/service.ts'
import { clientEnvironment } from '../../client-access.ts'
import { noAwsCli, noBotocore } from '../../installed.ts'
import { run, temporaryFolder } from '../../process.ts'
import { serveS3 } from '../serve-s3.ts'

/** One script for boto3 and for the AWS CLI: the CLI's commands are boto3's operations by another name. */
const SCRIPT = `
import io, json, os, sys
import botocore.session
client = botocore.session.get_session().create_client("s3")
called = set()
client.meta.events.register("before-call.s3", lambda model, **_: called.add(model.name))
b = {"Bucket": "pond"}
o = {**b, "Key": "dir/ü &<>"}
def fails(code, call, **input):
    try:
        call(**input)
    except client.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] == code, error.response
    else:
        raise AssertionError(f"{code} was not raised")

client.create_bucket(**b)
assert [x["Name"] for x in client.list_buckets()["Buckets"]] == ["lake", "pond"]
assert client.head_bucket(**b)["BucketRegion"] == "us-east-1"
assert client.get_bucket_location(**b)["LocationConstraint"] is None
for name in ["get_bucket_accelerate_configuration", "get_bucket_logging", "get_bucket_notification_configuration", "get_bucket_versioning"]:
    assert set(getattr(client, name)(**b)) == {"ResponseMetadata"}, name
assert client.get_bucket_request_payment(**b)["Payer"] == "BucketOwner"
assert client.get_bucket_encryption(**b)["ServerSideEncryptionConfiguration"]["Rules"]
assert client.get_bucket_ownership_controls(**b)["OwnershipControls"]["Rules"][0]["ObjectOwnership"] == "BucketOwnerEnforced"
fails("NoSuchBucketPolicy", client.get_bucket_policy, **b)
fails("NoSuchWebsiteConfiguration", client.get_bucket_website, **b)
fails("ReplicationConfigurationNotFoundError", client.get_bucket_replication, **b)
fails("ObjectLockConfigurationNotFoundError", client.get_object_lock_configuration, **b)
assert set(client.get_public_access_block(**b)["PublicAccessBlockConfiguration"].values()) == {True}

tags = {"TagSet": [{"Key": "a", "Value": "1"}]}
client.put_bucket_tagging(**b, Tagging=tags)
assert client.get_bucket_tagging(**b)["TagSet"] == tags["TagSet"]
client.delete_bucket_tagging(**b)
cors = {"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"], "MaxAgeSeconds": 5}]}
client.put_bucket_cors(**b, CORSConfiguration=cors)
assert client.get_bucket_cors(**b)["CORSRules"] == cors["CORSRules"]
client.delete_bucket_cors(**b)
rules = [{"ID": "old", "Status": "Enabled", "Filter": {"Prefix": "x/"}, "Expiration": {"Days": 3}}]
client.put_bucket_lifecycle_configuration(**b, LifecycleConfiguration={"Rules": rules})
assert client.get_bucket_lifecycle_configuration(**b)["Rules"] == rules
client.delete_bucket_lifecycle(**b)
acl = client.get_bucket_acl(**b)
assert acl["Grants"][0]["Permission"] == "FULL_CONTROL" and acl["Grants"][0]["Grantee"]["Type"] == "CanonicalUser"
client.put_bucket_acl(**b, ACL="private")

for algorithm in ["CRC32", "SHA1", "SHA256"]:
    client.put_object(**o, Body=io.BytesIO(b"hello"), ChecksumAlgorithm=algorithm)
    assert client.head_object(**o, ChecksumMode="ENABLED")["Checksum" + algorithm]
assert client.get_object(**o, Range="bytes=1-2")["Body"].read() == b"el"
policy = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*",
  "Action": "s3:GetObject", "Resource": "arn:aws:s3:::%s/*" % b["Bucket"]}]})
fails("AccessDenied", client.put_bucket_policy, **b, Policy=policy)
client.put_public_access_block(**b, PublicAccessBlockConfiguration={"BlockPublicAcls": True})
client.put_bucket_policy(**b, Policy=policy)
assert client.get_bucket_policy(**b)["Policy"] == policy
assert client.get_bucket_policy_status(**b)["PolicyStatus"] == {"IsPublic": True}
client.delete_bucket_policy(**b)
client.delete_public_access_block(**b)
body = lambda answer: {k: v for k, v in answer.items() if k != "ResponseMetadata"}
client.put_bucket_encryption(**b, **body(client.get_bucket_encryption(**b)))
client.delete_bucket_encryption(**b)
client.put_bucket_ownership_controls(**b, **body(client.get_bucket_ownership_controls(**b)))
client.put_bucket_request_payment(**b, RequestPaymentConfiguration=body(client.get_bucket_request_payment(**b)))
client.put_bucket_notification_configuration(**b, NotificationConfiguration=body(client.get_bucket_notification_configuration(**b)))
fails("InvalidArgument", client.put_bucket_notification_configuration, **b, NotificationConfiguration={"EventBridgeConfiguration": {}})
client.put_bucket_logging(**b, BucketLoggingStatus=body(client.get_bucket_logging(**b)))
client.put_bucket_accelerate_configuration(**b, AccelerateConfiguration={"Status": "Suspended"})
assert client.get_bucket_accelerate_configuration(**b)["Status"] == "Suspended"
client.delete_bucket_website(**b)
client.delete_bucket_replication(**b)
client.delete_bucket_ownership_controls(**b)
fails("OwnershipControlsNotFoundError", client.get_bucket_ownership_controls, **b)
client.put_bucket_acl(**b, ACL="public-read")
assert len(client.get_bucket_acl(**b)["Grants"]) == 2
client.put_object_acl(**o, AccessControlPolicy={k: client.get_object_acl(**o)[k] for k in ["Owner", "Grants"]})
client.put_object_tagging(**o, Tagging=tags)
assert client.get_object_tagging(**o)["TagSet"] == tags["TagSet"]
client.delete_object_tagging(**o)
assert client.get_object_attributes(**o, ObjectAttributes=["ObjectSize"])["ObjectSize"] == 5
client.copy_object(**b, Key="copy", CopySource=o)
client.put_object(**b, Key="cold", Body=b"x", StorageClass="GLACIER")
fails("InvalidObjectState", client.get_object, **b, Key="cold")
restore = {"Days": 2, "GlacierJobParameters": {"Tier": "Standard"}}
assert client.restore_object(**b, Key="cold", RestoreRequest=restore)["ResponseMetadata"]["HTTPStatusCode"] == 202
assert client.get_object(**b, Key="cold")["Restore"].startswith('ongoing-request="false", expiry-date="')
client.delete_object(**b, Key="cold")

upload = {**b, "Key": "parts"}
upload["UploadId"] = client.create_multipart_upload(**upload)["UploadId"]
one = client.upload_part(**upload, PartNumber=1, Body=b"x" * 5 * 2**20)
two = client.upload_part_copy(**upload, PartNumber=2, CopySource=o)["CopyPartResult"]
assert [p["Size"] for p in client.list_parts(**upload)["Parts"]] == [5 * 2**20, 5]
assert client.list_multipart_uploads(**b)["Uploads"][0]["Key"] == "parts"
parts = [{"PartNumber": n + 1, "ETag": p["ETag"]} for n, p in enumerate([one, two])]
client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
other = client.create_multipart_upload(**b, Key="other")["UploadId"]
client.abort_multipart_upload(**b, Key="other", UploadId=other)

keys = ["copy", o["Key"], "parts"]
assert [x["Key"] for x in client.list_objects_v2(**b)["Contents"]] == keys
assert [x["Key"] for x in client.list_objects(**b)["Contents"]] == keys
assert [x["VersionId"] for x in client.list_object_versions(**b)["Versions"]] == ["null"] * 3
client.delete_object(**b, Key="copy")
assert len(client.delete_objects(**b, Delete={"Objects": [{"Key": k} for k in keys]})["Deleted"]) == 3
client.put_bucket_versioning(**b, VersioningConfiguration={"Status": "Enabled"})
first = client.put_object(**o, Body=b"first")["VersionId"]
second = client.put_object(**o, Body=b"second")["VersionId"]
assert client.get_object(**o, VersionId=first)["Body"].read() == b"first"
marker = client.delete_object(**o)
assert marker["DeleteMarker"] and marker["VersionId"]
fails("NoSuchKey", client.get_object, **o)
fails("MethodNotAllowed", client.get_object, **o, VersionId=marker["VersionId"])
fails("BucketNotEmpty", client.delete_bucket, **b)
listed = client.list_object_versions(**b)
assert [x["VersionId"] for x in listed["Versions"]] == [second, first]
assert [(x["VersionId"], x["IsLatest"]) for x in listed["DeleteMarkers"]] == [(marker["VersionId"], True)]
client.copy_object(**o, CopySource={**o, "VersionId": first})
assert client.get_object(**o)["Body"].read() == b"first"
versions = [{"Key": x["Key"], "VersionId": x["VersionId"]} for n in ["Versions", "DeleteMarkers"] for x in client.list_object_versions(**b)[n]]
assert len(client.delete_objects(**b, Delete={"Objects": versions})["Deleted"]) == 4
client.delete_bucket(**b)
print(json.dumps(sorted(called)))
`

const environment = (endpoint: string, home: string): NodeJS.ProcessEnv => ({
  ...process.env,
  HOME: home,
  ...clientEnvironment(endpoint),
})

test("boto3's client calls every operation, and each answers as AWS does", {
  skip: await noBotocore(),
}, async (t) => {
  const { endpoint, errors } = await serveS3(t)
  const { stdout, stderr } = await run('python3', ['-c', SCRIPT], {
    env: environment(endpoint, temporaryFolder(t)),
  })
  assert.equal(stderr, '')
  // A form is made by the client and posted by a browser: test/s3/forms.
  const expected = [...s3Service.operations.keys()].filter((name) => name !== 'PostObject')
  assert.deepEqual(JSON.parse(stdout), expected.sort())
  assert.deepEqual(errors, [])
})

test('the AWS CLI sets and reads what a bucket is told, and puts and gets with conditions', {
  skip: await noAwsCli(),
}, async (t) => {
  const { endpoint, errors } = await serveS3(t)
  const folder = temporaryFolder(t)
  writeFileSync(join(folder, 'body'), 'hello')
  const aws = async (...args: string[]) => {
    const { code, stdout, stderr } = await run('aws', ['s3api', ...args, '--bucket', 'lake'], {
      env: { ...environment(endpoint, folder), PYENV_VERSION: process.env.PYENV_VERSION },
      cwd: folder,
    })
    return code === 0 ? JSON.parse(stdout || '{}') : stderr
  }
  const rule = { ID: 'r', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } }
  const lifecycle = JSON.stringify({ Rules: [rule] })
  await aws('put-bucket-lifecycle-configuration', '--lifecycle-configuration', lifecycle)
  assert.deepEqual((await aws('get-bucket-lifecycle-configuration')).Rules, [rule])
  const put = await aws('put-object', '--key', 'a', '--body', 'body', '--if-none-match', '*')
  assert.match(put.Expiration, /rule-id="r"/)
  assert.match(
    await aws('put-object', '--key', 'a', '--body', 'body', '--if-none-match', '*'),
    /PreconditionFailed/,
  )
  assert.match(await aws('get-bucket-policy'), /NoSuchBucketPolicy/)
  assert.match(await aws('put-bucket-acl', '--acl', 'public-read'), /AccessControlListNotSupported/)
  assert.deepEqual(errors, [])
})
