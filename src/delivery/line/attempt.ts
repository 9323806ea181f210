import { DestinationError, siteOf } from '../destination.ts'
import type { Manifest } from '../lineage/manifest.ts'
import type { Retry } from '../retries/retry.ts'
import type { AttemptEnd, SiteFailure, Sites, Visitor } from '../retries/sites.ts'
import type { Slots } from '../turns.ts'
import { RecordsGone } from './encode.ts'
import { type End, type Putting, planOf, putSealed } from './put.ts'

export interface Attempting extends Putting {
  readonly retry: () => Retry
  /** Somebody asks for it now, and wants to know what the destination says. */
  readonly isAsked: () => boolean
  /** Objects of this job that are put at the same time. */
  readonly puts: Slots
  /** Shared by all jobs. */
  readonly sites: Sites
  readonly visitor: Visitor
}

/** What an attempt came to: an end, what the destination said, or why it was left to others. */
export type Attempted = End | Error | SiteFailure

/** Puts a sealed batch, unless its site is known to fail: then another's attempt stands for it. */
export async function attempt(attempting: Attempting, manifest: Manifest): Promise<Attempted> {
  const { ports, puts, sites, visitor, retry, isAsked, signal } = attempting
  const { roleArn = '' } = planOf(attempting, manifest)
  const own = siteOf(ports.destinations, manifest)
  const release = await puts.take()
  try {
    if (own === undefined) return await put(attempting, manifest)
    // What ends at a time to come is tried until then; what has changed since may help.
    const insists = isAsked() || retry().isBounded === true || retry().isEager === true
    const entered = sites.enter(`${manifest.destination}\n${own}\n${roleArn}`, visitor, insists)
    if ('retryAt' in entered) return entered
    const answer = await put(attempting, manifest)
    sites.ended(entered, endOf(answer, signal))
    return answer
  } finally {
    release()
  }
}

const put = (attempting: Attempting, manifest: Manifest): Promise<End | Error> =>
  putSealed(attempting, manifest).catch((error: Error) => error)

function endOf(answer: End | Error, signal: AbortSignal): AttemptEnd {
  if (!(answer instanceof Error)) return 'taken'
  if (signal.aborted || answer instanceof RecordsGone || !(answer instanceof DestinationError))
    return 'given up'
  return answer.isOfSite ? { siteError: answer } : 'refused'
}
