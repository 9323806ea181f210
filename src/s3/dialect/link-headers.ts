const isPresigned = (query: URLSearchParams): boolean =>
  query.has('X-Amz-Algorithm') || query.has('AWSAccessKeyId')

/**
 * What is only said about a signature or a body: a link is made before its body is known, so S3 leaves these be
 * (SDKs put the checksum of an empty body into a link).
 */
const NOT_A_HEADER =
  /^x-amz-(content-sha256|decoded-content-length|sdk-checksum-algorithm|trailer|checksum-(?!mode$|algorithm$|type$).*)$/
const HEADERS = ['if-match', 'if-none-match']

/**
 * The headers that a presigned link carries in its query, where SDKs put them so that whoever uses the link need not
 * send them. A header that is sent as well counts.
 *
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html
 */
export function headersOf(
  headers: ReadonlyMap<string, string>,
  query: URLSearchParams,
): ReadonlyMap<string, string> {
  if (!isPresigned(query)) return headers
  const all = new Map(headers)
  for (const [member, value] of query) {
    const name = member.toLowerCase()
    const isHeader = HEADERS.includes(name) || (name.startsWith('x-amz-') && !NOT_A_HEADER.test(name))
    if (isHeader && !all.has(name)) all.set(name, value)
  }
  return all
}
