import { string } from './shape.ts'

/** Twelve digits. */
export const accountId = string({ pattern: '\\d{12}' })
/** AWS's names of regions, and what others call theirs. */
export const regionName = string({ pattern: '[A-Za-z0-9-]{1,64}' })

export const isAccountId = (text: string): boolean => /^\d{12}$/.test(text)
export const isRegionName = (text: string): boolean => /^[A-Za-z0-9-]{1,64}$/.test(text)

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
export interface Arn {
  readonly partition: string
  readonly service: string
  readonly region: string
  readonly account: string
  readonly resource: string
}

/** AWS's partition for a region: China and GovCloud have their own. */
export const partitionOf = (region: string): string =>
  region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'

export const formatArn = ({ partition, service, region, account, resource }: Arn): string =>
  `arn:${partition}:${service}:${region}:${account}:${resource}`

/** The parts of an ARN, or undefined when the text is none. The resource may hold colons, the region is one if there is any. */
export function parseArn(text: string): Arn | undefined {
  const parts = /^arn:([^:]+):([^:]+):([A-Za-z0-9-]{0,64}):(\d{12}|[a-z-]*):(.+)$/s.exec(text)
  if (!parts) return undefined
  const [, partition = '', service = '', region = '', account = '', resource = ''] = parts
  return { partition, service, region, account, resource }
}

/** Whose things are that a server is told nothing else of. */
export const USUAL = { account: '000000000000', region: 'us-east-1' } as const

export interface Named {
  readonly account: string
  readonly region: string
  readonly name: string
}

/**
 * How a server that has things of several accounts and regions tells one from all others of its kind: `stream clicks`, with
 * its region and its account where they are not the usual ones.
 */
export function whereText(kind: string, { account, region, name }: Named): string {
  const inRegion = region === USUAL.region ? '' : ` in ${region}`
  const ofAccount = account === USUAL.account ? '' : ` of account ${account}`
  return `${kind} ${name}${inRegion}${ofAccount}`
}
