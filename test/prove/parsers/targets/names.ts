import { parseDuration } from '../../../../src/clock/duration.ts'
import { checkPrefixes, evaluatePrefix, parsePrefix } from '../../../../src/firehose/prefixes/prefix.ts'
import { isTimeZone, zonedTimeAt } from '../../../../src/firehose/prefixes/zoned-time.ts'
import { flawOfTemplate, outputKeyOf } from '../../../../src/kinesis/channels/output-key-template.ts'
import { CHECKSUM_ALGORITHMS, isChecksum } from '../../../../src/s3/checksums/checksum.ts'
import { contentRangeOf, parseCopyRange, parseRange } from '../../../../src/s3/content/range.ts'
import { headersOf } from '../../../../src/s3/dialect/link-headers.ts'
import { bucketOfHost, decodeWords, encodeWords, s3Dialect } from '../../../../src/s3/dialect/s3-dialect.ts'
import { behindMarker, partMarker, printerOf, successorOf } from '../../../../src/s3/listing.ts'
import { parseCopySource } from '../../../../src/s3/objects/copy.ts'
import { isRangeOf, unmetByRead, writeConditionsOf } from '../../../../src/s3/objects/precondition.ts'
import { parseTagging } from '../../../../src/s3/tags.ts'
import { networksOf, parseNetwork } from '../../../../src/service/networks.ts'
import { boolean, double, long, timestamp } from '../../../../src/service/shape.ts'
import { parseScalar } from '../../../../src/wire/codec/xml-decode.ts'
import { createForwarding } from '../../../../src/wire/guard/forwarded.ts'
import { createGuard } from '../../../../src/wire/guard/guard.ts'
import { expect, readOrRefused, type Target, textsIn } from '../target.ts'

const NOW = Date.UTC(2026, 0, 1)
const TIMES = ['UTC', 'America/New_York', 'Asia/Kolkata'].map((zone) => zonedTimeAt(NOW, zone))
const KEY = {
  ...{ channelName: 'c', channelId: 'i', streamName: 's', time: NOW, extension: '.gz' },
  isCompressed: true,
}

export const prefixes: Target = {
  isSync: true,
  seeds: [
    'a/!{timestamp:yyyy/MM/dd}/!{firehose:random-string}/',
    "!{timestamp:'y'yyyy[.SSS][ZZZZZ]}",
    'e/!{firehose:error-output-type}/!{partitionKeyFromQuery:k}/',
    'kinesis-channel/!{channel-name}/!{yyyy}/!{HH}!{extension:.json}',
    'America/New_York',
  ],
  words: [
    '!{timestamp:',
    '!{firehose:',
    'random-string',
    'error-output-type',
    '!{partitionKeyFromQuery:',
    '!{extension',
    '!{yyyy}',
    "''",
    'VV',
    'zzzz',
    'ppp',
    'eee',
    'QQQ',
  ],
  run(bytes) {
    const [prefix = '', errorOutputPrefix] = textsIn(bytes)
    const isTaken =
      readOrRefused(() => {
        checkPrefixes({ prefix, errorOutputPrefix, isPartitioned: bytes.length % 2 === 0 }, NOW)
        return true
      }) ?? false
    // What is taken can be evaluated, whatever the time.
    for (const text of isTaken ? [prefix, errorOutputPrefix ?? ''] : [])
      for (const time of TIMES)
        evaluatePrefix(parsePrefix(text) ?? [], {
          time,
          randomString: () => 'r',
          errorOutputType: 'e',
          partitionKeys: { k: 'v' },
        })
    if (flawOfTemplate(prefix, KEY) === undefined)
      expect(outputKeyOf(prefix, KEY, 'id').length <= 1_024, 'a key of a channel is one that S3 takes')
    isTimeZone(prefix)
  },
}

const SIZES = [0, 1, 10, 5_000_000_000]

export const headers: Target = {
  isSync: true,
  seeds: [
    'bytes=0-4',
    'bytes=-5',
    'bucket/key%20a?versionId=null',
    'https://host/b/k',
    'a=b&c=d%20',
    '"abc", W/"def", *',
    'Thu, 01 Jan 2026 00:00:00 GMT',
    '=?UTF-8?Q?a=C3=BC?= =?UTF-8?B?w7w=?=',
    '5m30s',
    '10.0.0.0/8',
    '::ffff:127.0.0.1',
    'AAAAAA==-3',
  ],
  words: [
    'bytes=',
    '%2F',
    '?versionId=',
    '=?UTF-8?B?',
    '?=',
    'W/"',
    '*',
    'url',
    '9007199254740993',
    'utf-16le',
    '::1',
    '/33',
  ],
  run(bytes) {
    const text = bytes.toString('latin1')
    const utf8 = bytes.toString()
    for (const size of SIZES) {
      const range = parseRange(text, size)
      if (typeof range === 'object') {
        expect(
          range.start >= 0 && range.start < range.end && range.end <= size,
          'a range lies within the object',
        )
        contentRangeOf(range, size)
      }
      const copied = parseCopyRange(text, size)
      if (typeof copied === 'object')
        expect(
          copied.start >= 0 && copied.start < copied.end && copied.end <= size,
          'a copied range lies within',
        )
    }
    readOrRefused(() => parseCopySource(text))
    readOrRefused(() => parseTagging(text))
    readOrRefused(() => partMarker(text))
    readOrRefused(() => printerOf(text))
    for (const algorithm of CHECKSUM_ALGORITHMS) isChecksum(algorithm, text)
    unmetByRead({ ifMatch: text, ifNoneMatch: text }, { etag: 'abc', lastModified: NOW }, NOW)
    readOrRefused(() => writeConditionsOf({ IfMatch: text }))
    isRangeOf(text, { etag: 'abc', lastModified: NOW })
    behindMarker(utf8, 'a', '/')
    successorOf(utf8)
    expect(
      decodeWords(encodeWords(utf8)) === utf8 || utf8.includes('=?'),
      'words are read as they were written',
    )
    for (const shape of [long(), double(), boolean(), timestamp()]) parseScalar(shape, text)
    const duration = parseDuration(text)
    expect(duration === undefined || duration >= 0, 'no time goes back')
    const network = parseNetwork(text)
    if (network) networksOf([network]).has('10.0.0.1')
  },
}

const guards = (['open', 'closed'] as const).map((mode) =>
  createGuard({
    mode,
    hosts: { isWide: true, allowed: ['*.lab.example'] },
    allowedOrigins: ['https://a.example'],
  }),
)
const forwarding = createForwarding(['127.0.0.1', '10.0.0.0/8'])

export const addresses: Target = {
  isSync: true,
  seeds: [
    'localhost:4510\0/b/k\0http://localhost:4510\0same-origin\x0a7.0.0.1, 10.1.2.3\0https',
    'b.s3.us-east-1.amazonaws.com\0/a//../b%2F%zz\0https://a.example\0cross-site\0::1\0http',
    '000000000000.s3-control.localhost\0/v20180820/tags/arn\0null\0none\0x\0y',
  ],
  words: [
    '.s3.',
    '.localhost',
    '.s3-',
    '\0',
    'null',
    'cross-site',
    '%2e%2e',
    '[::1]',
    ':4510',
    'https://',
    'chrome-extension://',
  ],
  run(bytes) {
    const [host = '', path = '', origin = '', site = '', chain = '', scheme = ''] = bytes
      .toString('latin1')
      .split('\0')
    bucketOfHost(host)
    readOrRefused(() => s3Dialect.addressOf?.(host, path))
    const given = new Map([
      ...([
        ['host', host],
        ['origin', origin],
        ['sec-fetch-site', site],
        ['referer', origin],
      ] as const),
      ...([
        ['x-forwarded-for', chain],
        ['x-forwarded-proto', scheme],
      ] as const),
    ])
    for (const guard of guards)
      for (const protocol of ['own', 'json', 'query', 'rest'] as const)
        readOrRefused(() =>
          guard({ protocol, method: 'GET', path, headers: given, isEncrypted: false } as never),
        )
    forwarding({ address: '127.0.0.1', isEncrypted: false }, given)
    readOrRefused(() => headersOf(given, new URLSearchParams(path)))
  },
}
