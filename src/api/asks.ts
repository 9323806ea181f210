import type { OwnRequest } from '../wire/own-routes.ts'

/** What is ours to do, as policies name it: `standpipe:Deliver`. */
export const OWN_ACTIONS = [
  ...(['GetStatus', 'GetMetrics', 'GetClock', 'AdvanceClock', 'GetCost', 'GetBudget', 'PutBudget'] as const),
  ...(['BackUp', 'Verify', 'Reset', 'GetOverview', 'GetLab', 'GetLanded'] as const),
  ...(['PutQuota', 'GetNotifications', 'SettleNotifications'] as const),
  ...(['GetDeliveryStream', 'Deliver'] as const),
] as const
export type OwnAction = (typeof OWN_ACTIONS)[number]

/** One thing that a request does to something. */
export type Ask =
  /** To the server as a whole, which is its own account's. */
  | { readonly action: OwnAction; readonly of: 'server' }
  /** To all there is in an account and region, or to what `resource` names in it: `delivery-stream/NAME`. */
  | { readonly action: OwnAction; readonly of: 'scope'; readonly resource?: string }
  /** What a consumer does. */
  | { readonly action: 'kinesis:GetRecords' | 'kinesis:ListShards'; readonly stream: string }
  | { readonly action: 's3:GetObject'; readonly object: { readonly bucket: string; readonly key: string } }

/**
 * What a route's request has to be allowed, all of it. `nothing`: it tells nothing, or says itself what it may tell to
 * whom; `the operation`: it calls an operation of a service, which asks for itself.
 */
export type Asks =
  | 'nothing'
  | 'the operation'
  | ((match: RegExpExecArray, request: Pick<OwnRequest, 'query'>) => readonly Ask[])

export const ofServer =
  (action: OwnAction): Asks =>
  () => [{ action, of: 'server' }]

export const ofScope =
  (action: OwnAction, resourceOf?: (match: RegExpExecArray) => string): Asks =>
  (match) => [{ action, of: 'scope', ...(resourceOf && { resource: resourceOf(match) }) }]

/** Whoever may read the records of a stream may look at them. */
export const toRead = (stream: string): Ask => ({ action: 'kinesis:GetRecords', stream })

/** Whoever may read an object may look at what it was made of. */
export const toGet = (object: { readonly bucket: string; readonly key: string }): Ask => ({
  action: 's3:GetObject',
  object,
})
