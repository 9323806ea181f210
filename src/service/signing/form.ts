/**
 * What AWS says of a signature that lacks a part, before it looks at any of them; undefined when none is missing.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
 */
export const FOUND_BOTH =
  "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header."

const PARTS = ['Credential', 'Signature', 'SignedHeaders'].map((name) => ({
  pattern: new RegExp(`[\\s,]${name}=[^,\\s]`),
  fault: `Authorization header requires '${name}' parameter. `,
}))

export function headerFault(authorization: string, headers: ReadonlyMap<string, string>): string | undefined {
  const missing = PARTS.filter(({ pattern }) => !pattern.test(authorization)).map(({ fault }) => fault)
  if (!headers.has('x-amz-date') && !headers.has('date'))
    missing.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ")
  return missing.length > 0 ? `${missing.join('')}Authorization=${authorization}` : undefined
}

export function queryFault(query: URLSearchParams): string | undefined {
  const missing = [
    'X-Amz-Algorithm',
    'X-Amz-Credential',
    'X-Amz-Signature',
    'X-Amz-SignedHeaders',
    'X-Amz-Date',
  ]
    .filter((name) => !query.get(name))
    .map((name) => `AWS query-string parameters must include '${name}'. `)
  return missing.length > 0 ? `${missing.join('')}Re-examine the query-string parameters.` : undefined
}
