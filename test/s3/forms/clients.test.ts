import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { environmentOf, permanent, startClosed, temporary } from '../../auth/closed-server.ts'
import { noBoto3 } from '../../installed.ts'
import { run, temporaryFolder } from '../../process.ts'
import { serveS3 } from '../serve-s3.ts'

const BOTO3 = `
import boto3, os, urllib.request, urllib.error, uuid, xml.etree.ElementTree as ET
from botocore.client import Config

def posted(form, content, change={}):
    boundary = uuid.uuid4().hex
    parts = [(n, "", v.encode()) for n, v in {**form["fields"], **change}.items()] + [("file", '; filename="photo.png"', content)]
    body = b"".join(f'--{boundary}\\r\\nContent-Disposition: form-data; name="{n}"{f}\\r\\n\\r\\n'.encode() + v + b"\\r\\n" for n, f, v in parts)
    request = urllib.request.Request(form["url"], data=body + f"--{boundary}--\\r\\n".encode(), headers={"Content-Type": f"multipart/form-data; boundary={boundary}"})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()

seen = set()
for version in (None, "s3v4"):
    s3 = boto3.client("s3", config=Config(signature_version=version, s3={"addressing_style": "path"}))
    form = s3.generate_presigned_post("lake", "photos/\${filename}",
        Fields={"acl": "private", "Content-Type": "image/png", "success_action_status": "201", "x-amz-meta-from": "boto3"},
        Conditions=[{"acl": "private"}, ["starts-with", "$Content-Type", "image/"], {"success_action_status": "201"}, {"x-amz-meta-from": "boto3"}, ["content-length-range", 1, 9 << 20]])
    seen.add("x-amz-signature" in form["fields"])
    data = os.urandom(8 << 20)
    status, text = posted(form, data)
    assert status == 201, text
    assert ET.fromstring(text).find("Key").text == "photos/photo.png", text
    got = s3.get_object(Bucket="lake", Key="photos/photo.png")
    assert got["Body"].read() == data and got["ContentType"] == "image/png" and got["Metadata"] == {"from": "boto3"}, got
    for change, code in (({"acl": "public-read"}, "AccessDenied"), ({"Content-Type": "text/html"}, "AccessDenied"), ({"key": "other"}, "AccessDenied"), ({"Expires": "0"}, "AccessDenied")):
        status, text = posted(form, b"x", change)
        assert status == 403 and code in text, text
    assert "<Code>EntityTooSmall<" in posted(form, b"")[1]
    assert "<ProposedSize>9437185<" in posted(form, bytes((9 << 20) + 1))[1]
print(sorted(seen))
`

for (const [whose, key] of [
  ['a lasting key', permanent],
  ['a temporary key', temporary],
] as const)
  test(`boto3's generate_presigned_post with ${whose}`, { skip: await noBoto3() }, async (t) => {
    const { endpoint, clientConfig } = await startClosed(t)
    const s3 = new S3Client(clientConfig())
    t.after(() => s3.destroy())
    await s3.send(new CreateBucketCommand({ Bucket: 'lake' }))
    const env = environmentOf(endpoint, temporaryFolder(t), key)
    const { code, stdout, stderr } = await run('python3', ['-c', BOTO3], { env })
    assert.equal(code, 0, stderr)
    assert.equal(stdout.trim(), '[False, True]', 'it signs by version 2 unless told otherwise')
  })

test('curl -F, to a path and to a host', async (t) => {
  const { endpoint } = await serveS3(t)
  const file = join(temporaryFolder(t), 'from curl.txt')
  writeFileSync(file, 'content')
  const key = `key=in/$${'{filename}'}`
  for (const to of [[`${endpoint}/lake`], [`${endpoint}/`, '-H', 'Host: lake.s3.localhost']]) {
    const { stdout } = await run('curl', [
      '-sS',
      '-F',
      key,
      '-F',
      'success_action_status=201',
      '-F',
      `file=@${file}`,
      ...to,
    ])
    assert.match(stdout, /<Key>in\/from curl\.txt<\/Key>/)
  }
  const { stdout } = await run('curl', [
    '-sS',
    '-F',
    'key=text',
    '-F',
    'file=content',
    '-w',
    '%{http_code}',
    `${endpoint}/lake`,
  ])
  assert.equal(stdout, '204')
  assert.equal(await (await fetch(`${endpoint}/lake/text`)).text(), 'content')
})
