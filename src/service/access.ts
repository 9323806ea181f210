import type { ServiceException } from './exception.ts'

/** One thing that a call does to something, in IAM's terms. https://docs.aws.amazon.com/service-authorization/latest/reference/ */
export interface Access {
  /** `service:Operation`. */
  readonly action: string
  /** An ARN, or `*` where AWS knows no resource. */
  readonly resource: string
  /** Whose the resource is, twelve digits. */
  readonly account: string
  /** The resource's own policy as it is stored, if it has one. */
  readonly policy?: string | undefined
  /**
   * There is no such resource: what is answered to who may ask for it by their own policies, where the account is another
   * than theirs. In their own the operation says so itself.
   */
  readonly absent?: ServiceException | undefined
  /** A policy of what the resource's access control lists allow besides, where they allow anything. */
  readonly acl?: string | undefined
  /** What the service tells of the request, by the names of condition keys; what is undefined is absent. */
  readonly keys?: ConditionKeys
}

export type ConditionKeys = Readonly<Record<string, string | readonly string[] | undefined>>

/** Why something may not be done. */
export interface Denial {
  /** In AWS's words, of which not all may be meant for everybody. */
  readonly message: string
  /** Whoever is denied belongs to another account than the resource, or to none. */
  readonly isForeign: boolean
}

/** Undefined: it may be done. */
export type Judge = (access: Access) => Promise<Denial | undefined>
