import { ask } from '../client.ts'
import { CLIENT_SETTINGS, command } from '../command.ts'
import { bytesText, columns, countText, durationText } from '../terminal-text.ts'

/** A person reads no more of each kind; --json has more. */
const MOST_SHOWN = 10

export const space = command({
  name: 'space',
  args: '',
  doc: 'what takes how much of the disk, by stream, buffer and bucket, and when it will be full',
  settings: CLIENT_SETTINGS,
  flags: {},
  async run({ server, json, out }) {
    const found = await ask<Space>(server, 'api/space')
    if (json) out(JSON.stringify(found))
    else for (const line of spaceLines(found)) out(line)
    return undefined
  },
})

interface Place {
  readonly name: string
  readonly bytes: number
  readonly quotaBytes?: number
  readonly objects?: number
}

interface Taken {
  readonly bytes: number
  readonly count: number
  readonly largest: readonly Place[]
}

/** What our own API tells. */
export interface Space {
  readonly usedBytes: number
  readonly freeBytes: number
  readonly limitBytes?: number
  readonly roomBytes: number
  readonly fullInMs?: number
  readonly streams: Taken
  readonly buffers: Taken
  readonly buckets: Taken
  readonly restBytes: number
  readonly isCounting?: true
}

/** `1.2 GiB used of 10 GiB, 8.7 GiB to go; full in about 5h`. */
export function roomText({ usedBytes, limitBytes, freeBytes, roomBytes, fullInMs }: Space): string {
  const of =
    limitBytes === undefined ? `, ${bytesText(freeBytes)} free on the disk` : ` of ${bytesText(limitBytes)}`
  const room = roomBytes > 0 ? `${bytesText(roomBytes)} until writes are refused` : 'writes are refused'
  const full = fullInMs === undefined ? '' : `; full in about ${durationText(fullInMs)}`
  return `${bytesText(usedBytes)} used${of}; ${room}${full}`
}

function spaceLines(found: Space): string[] {
  const { streams, buffers, buckets, restBytes, isCounting } = found
  return [
    roomText(found),
    ...columns([
      ...takenRows(streams, 'stream'),
      ...takenRows(buffers, 'buffer'),
      ...takenRows(buckets, 'bucket'),
      ['the rest', bytesText(restBytes), 'metadata, and what is not given back yet'],
    ]),
    ...(isCounting ? ['The buckets are still being counted.'] : []),
  ]
}

function takenRows({ bytes, count, largest }: Taken, noun: string): string[][] {
  const shown = largest
    .filter((place) => place.bytes > 0 || place.quotaBytes !== undefined)
    .slice(0, MOST_SHOWN)
  const more = count - shown.length
  return [
    [countText(count, noun), bytesText(bytes)],
    ...shown.map((place) => [`  ${place.name}`, bytesText(place.bytes), detailsOf(place)]),
    ...(more > 0 && shown.length > 0 ? [[`  ${more} more`]] : []),
  ]
}

const detailsOf = ({ quotaBytes, objects }: Place): string =>
  [
    ...(objects === undefined ? [] : [countText(objects, 'object')]),
    ...(quotaBytes === undefined ? [] : [`quota ${bytesText(quotaBytes)}`]),
  ].join(', ')
