import { ServiceException } from '../../service/exception.ts'
import type { Exchange } from '../exchange/exchange.ts'

/**
 * Throws what the AWS JSON services answer to a signature that is missing or lacks a part; whether it is right is
 * another question.
 */
export function checkAuthForm({ headers, query }: Pick<Exchange, 'headers' | 'query'>): void {
  const authorization = headers.get('authorization')
  const isPresigned = query.has('X-Amz-Algorithm')
  if (authorization !== undefined && isPresigned)
    throw new ServiceException(
      'InvalidSignatureException',
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    )
  if (authorization !== undefined) checkHeader(authorization, headers)
  else if (isPresigned) checkQuery(query)
  else throw new ServiceException('MissingAuthenticationTokenException', 'Missing Authentication Token')
}

function checkHeader(authorization: string, headers: ReadonlyMap<string, string>): void {
  const missing = ['Credential', 'Signature', 'SignedHeaders']
    .filter((name) => !new RegExp(`[\\s,]${name}=[^,\\s]`).test(authorization))
    .map((name) => `Authorization header requires '${name}' parameter. `)
  if (!headers.has('x-amz-date') && !headers.has('date'))
    missing.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ")
  if (missing.length > 0) throw incompleteSignature(`${missing.join('')}Authorization=${authorization}`)
}

function checkQuery(query: URLSearchParams): void {
  const missing = [
    'X-Amz-Algorithm',
    'X-Amz-Credential',
    'X-Amz-Signature',
    'X-Amz-SignedHeaders',
    'X-Amz-Date',
  ]
    .filter((name) => !query.get(name))
    .map((name) => `AWS query-string parameters must include '${name}'. `)
  if (missing.length > 0)
    throw incompleteSignature(`${missing.join('')}Re-examine the query-string parameters.`)
}

const incompleteSignature = (message: string) => new ServiceException('IncompleteSignatureException', message)
