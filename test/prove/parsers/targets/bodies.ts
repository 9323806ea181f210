import { deepStrictEqual } from 'node:assert'
import { iamService } from '../../../../src/iam/service.ts'
import { kinesisService } from '../../../../src/kinesis/service.ts'
import { s3Service } from '../../../../src/s3/service.ts'
import { isNestedDeeper } from '../../../../src/service/json-depth.ts'
import type { Operation, Service } from '../../../../src/service/operation.ts'
import type { StructureShape } from '../../../../src/service/shape.ts'
import { cborFormat } from '../../../../src/wire/codec/cbor-format.ts'
import { decodeForm } from '../../../../src/wire/codec/form-decode.ts'
import { jsonFormat } from '../../../../src/wire/codec/json-format.ts'
import { decodeXml } from '../../../../src/wire/codec/xml-decode.ts'
import { element, encodeMembers } from '../../../../src/wire/codec/xml-encode.ts'
import { expect, readOrRefused, type Target } from '../target.ts'

const inputOf = (service: unknown, name: string): StructureShape =>
  (service as Service).operations.get(name)!.input
const operationsOf = (service: unknown): Operation<never>[] => [...(service as Service).operations.values()]

/** Structures that come as XML. */
const XML_SHAPES = operationsOf(s3Service).flatMap(({ input }) =>
  Object.values(input.members).flatMap((shape) =>
    shape.kind === 'structure' && shape.location?.in === 'payload' ? [shape] : [],
  ),
)
const PUT_RECORDS = inputOf(kinesisService, 'PutRecords')
/** Decoders go by shape: these have every kind of member. */
const SHAPES = ['PutRecords', 'CreateStream', 'GetShardIterator'].map((name) => inputOf(kinesisService, name))
const FORMS = ['CreateUser', 'UntagRole', 'ListUsers'].map((name) => inputOf(iamService, name).members)

const json = JSON.stringify({
  StreamName: 'clicks',
  Records: [{ Data: 'aGk=', PartitionKey: 'a', ExplicitHashKey: '0' }],
})

/** How deep it is, of what JSON.parse takes: by walking it. */
function depthOf(value: unknown): number {
  let depth = 0
  let level: unknown[] = [value]
  while (level.length > 0) {
    const inside = level.filter((item) => typeof item === 'object' && item !== null)
    if (inside.length > 0) depth++
    level = inside.flatMap((item) => Object.values(item as object))
  }
  return depth
}

export const xml: Target = {
  isSync: true,
  seeds: [
    '<Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet><Tag><Key>a</Key><Value>&amp;&#x1;</Value></Tag></TagSet></Tagging>',
    '<Delete><Object><Key>a</Key></Object><Object><Key>b</Key></Object><Quiet>true</Quiet></Delete>',
    '<CompleteMultipartUpload><Part><ETag>"a"</ETag><PartNumber>1</PartNumber></Part></CompleteMultipartUpload>',
    '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><MaxAgeSeconds>3</MaxAgeSeconds></CORSRule></CORSConfiguration>',
    '<LifecycleConfiguration><Rule><Filter><And><Prefix>a</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></And></Filter><Status>Enabled</Status><Expiration><Date>2030-01-01T00:00:00Z</Date></Expiration></Rule></LifecycleConfiguration>',
    '<AccessControlPolicy><Owner><ID>a</ID></Owner><AccessControlList><Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="Group"><URI>u</URI></Grantee><Permission>READ</Permission></Grant></AccessControlList></AccessControlPolicy>',
    '<?xml version="1.1"?><!DOCTYPE a [<!ENTITY b "c">]><a><![CDATA[x]]>&b;</a>',
  ],
  words: [
    '<![CDATA[',
    ']]>',
    '&amp;',
    '&#x1;',
    '<!DOCTYPE',
    '<!ENTITY',
    '<?xml',
    '-->',
    '<!--',
    'xsi:type="',
  ],
  run(bytes) {
    const text = bytes.toString()
    for (const shape of XML_SHAPES) {
      if (!Object.keys(shape.members).some((name) => text.includes(name))) continue
      const value = readOrRefused(() => decodeXml(shape, text))
      if (!value) continue
      // What is written of it is read as the same.
      const again = decodeXml(shape, element('Root', encodeMembers(shape.members, value)))
      deepStrictEqual(stripped(again), stripped(value))
    }
  },
}

/** Attributes are not written without their element's name, and empty lists not at all. */
const stripped = (value: object): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, item) => (Array.isArray(item) && item.length === 0 ? undefined : item)),
  )

/** Bodies that are none are refused before their members are looked at. */
const isObject = (value: unknown) => typeof value === 'object' && value !== null

export const jsonScanner: Target = {
  isSync: true,
  seeds: [json, '{"a":[{"b":"\\"]"},[[[]]]]}', `${'['.repeat(70)}${']'.repeat(70)}`, '"\\\\"'],
  words: ['\\"', '\\\\', '":', '[[', '{}', '"__proto__":', '\\u0000', '1e999'],
  run(bytes) {
    const parsed = readOrRefused(() => ({ value: JSON.parse(bytes.toString()) as unknown }))
    for (const depth of [0, 1, 2, 5, 60]) {
      const isDeeper = isNestedDeeper(bytes, depth)
      // Of what is as short as the bound it does not look for the last level.
      if (parsed && bytes.length > depth)
        expect(
          isDeeper === depthOf(parsed.value) > depth,
          `the scanner and JSON.parse see the same depth ${depth}`,
        )
    }
    const body = readOrRefused(() => ({ value: jsonFormat.parse(bytes) }))
    if (isObject(body?.value))
      for (const shape of SHAPES) readOrRefused(() => jsonFormat.decoderOf(shape)(body?.value))
  },
}

export const cbor: Target = {
  isSync: true,
  seeds: [
    Buffer.from(
      cborFormat.encode(PUT_RECORDS, {
        StreamName: 'clicks',
        Records: [{ Data: Buffer.from('hi'), PartitionKey: 'a' }],
      }) as Uint8Array,
    ).toString('latin1'),
    '\xbf\x61a\x9f\x01\x20\xf4\xf6\xff\x61b\x5f\x41x\xff\xff',
    '\xa1\x61t\xc1\xfb\x41\xd8\x00\x00\x00\x00\x00\x00',
    '\xc2\x49\x01\x00\x00\x00\x00\x00\x00\x00\x00',
    '\xf9\x7e\x00',
  ],
  words: [
    'StreamName',
    'Records',
    '\x9f',
    '\xbf',
    '\xff',
    '\xc1',
    '\xc2',
    '\x5f',
    '\x7f',
    '\xfb',
    '\x1b',
    '__proto__',
  ],
  run(bytes) {
    const body = readOrRefused(() => ({ value: cborFormat.parse(bytes) }))
    if (!isObject(body?.value)) return
    for (const shape of SHAPES) {
      const value: unknown = readOrRefused((): unknown => cborFormat.decoderOf(shape)(body.value))
      if (value === undefined) continue
      // What is written of it is read as the same.
      const written = cborFormat.encode(shape, value) as Uint8Array
      deepStrictEqual(plain(cborFormat.decoderOf(shape)(cborFormat.parse(written))), plain(value))
    }
  },
}

const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, item) => (item instanceof Uint8Array ? [...item] : item)))

export const form: Target = {
  isSync: true,
  seeds: [
    'Action=CreateUser&UserName=a&Tags.member.1.Key=a&Tags.member.1.Value=b&Version=2010-05-08',
    'Action=SimulatePolicy&Filter.entry.1.key=a&Filter.entry.1.value=b&MaxItems=7',
  ],
  words: [
    '.member.1',
    '.member.',
    '.entry.1.key',
    'Tags',
    'TagKeys',
    'PolicyDocument',
    'MaxItems',
    '%00',
    '&',
    '=',
  ],
  run(bytes) {
    const fields = new URLSearchParams(bytes.toString('latin1'))
    for (const members of FORMS) readOrRefused(() => decodeForm(members, fields))
  },
}
