/** What the load asks of a server; each is noted before it is asked. */
export type LoadQuestion =
  /** Each register has the value afterwards, if it is answered; who asks is the only one to write them. */
  | { readonly what: 'set'; readonly registers: Registers }
  /** Answered with a sequence number or record id for each record, null where it was refused. */
  | {
      readonly what: 'put'
      readonly source: SourceName
      readonly key: string
      readonly ids: readonly number[]
    }
  /** Answered with the upload's id. */
  | { readonly what: 'create upload'; readonly key: string; readonly version: string }
  /** Answered with the ETag. */
  | { readonly what: 'upload part'; readonly upload: string; readonly part: number }
  | { readonly what: 'complete upload'; readonly upload: string; readonly registers: Registers }
  | { readonly what: 'abort upload'; readonly upload: string }

/**
 * What holds one value at a time, by a name such as `object:lake/a` or `bucket:b`: its value is `absent`, or says all
 * that is to be found there.
 */
export type Registers = Readonly<Record<string, string>>
export const ABSENT = 'absent'

/** Where records are put. */
export type SourceName = 'stream' | 'direct' | 'on-demand'

/** Of an object: its version, and how long that is. */
export const versionOf = (number: number, sizeBytes: number): string =>
  `version ${number} of ${sizeBytes} bytes; `
export const contentOf = (version: string): Buffer =>
  Buffer.alloc(Number(/of (\d+) bytes/.exec(version)![1]), version)

/** Record `id` as it is put; its bytes can be told from the id alone. */
export const recordOf = (id: number): string =>
  `${JSON.stringify({ id, customer: `c${id % 5}`, pad: 'x'.repeat((id * 7919) % 3000) })}\n`
export const idOf = (line: string): number => Number(/^\{"id":(\d+),/.exec(line)?.[1])
