/** A header that is signed in form only. */
export const signedFor = (service: string, accessKeyId = 'AKIDEXAMPLE', region = 'eu-west-1') => ({
  authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=00`,
  'x-amz-date': '20260101T000000Z',
})
