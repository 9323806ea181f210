/**
 * S3's protocol: an operation is found by its method, its path, its query and its headers; its input comes from all
 * of these and from the body. It is driven by the operation's `http` row and by the shapes alone.
 *
 * **Finding the operation.** Of the rows that fit the method, the path and every named `query` member and `header`,
 * the one with the most of them wins. `query: ['uploads']` fits `?uploads` and `?uploads=`; `query: ['list-type=2']`
 * wants the value; `query: ['uploadId', 'partNumber']` wants both. A bucket may stand in the path or in the host name.
 * A query member of AWS's that names a subresource (`?acl`, `?versionId=…`) and that the winning row neither names in
 * `query` nor takes as an `inQuery` member answers `NotImplemented`, so that nothing is accepted and ignored.
 *
 * **Input.** `inUri('Bucket' | 'Key', …)` arrives decoded. `inQuery` and `inHeader` read strings, numbers, booleans,
 * timestamps (ms since 1970) and, separated by commas, lists. `inHeaderPrefix('x-amz-meta-', map(…))` gives the
 * headers without the prefix, in lower case; absent when there are none. `asPayload(stream())` is always there, empty
 * when nothing was sent: reading its first piece is what answers `Expect: 100-continue`, so look at the bucket before.
 * Its `trailers` hold what came after the data. `aws-chunked` framing is already undone: `Content-Length` is then the
 * decoded length and `Content-Encoding` lacks `aws-chunked`. `asPayload(structure(…))` is the XML body, whatever its
 * root is called, and absent when the body is empty; `asPayload(blob())` and `asPayload(string())` hold it as it is.
 * Lists in XML are `<Name><member>…` with the member's own `xmlName` (default `member`), or `flattened`.
 *
 * **Output.** `inHeader`, `inHeaderPrefix` and `asStatus` members leave the body; timestamps become HTTP dates.
 * `asPayload(stream())` is written as it is read, with a length if the output has `inHeader('Content-Length', …)`.
 * `asPayload(structure(…))`, or without a payload all members that are left, become XML under `http.xmlRoot`;
 * `asPayload(string())` is that root's text, or plain text without `xmlRoot`. No such members: no body.
 *
 * **Exceptions** print as S3's `<Error>` with their `fields` as further elements; a HEAD or 304 answer has no body.
 */
