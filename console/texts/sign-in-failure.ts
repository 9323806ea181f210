/** Why somebody was not let in, in words that say what to do. */
const WORDS: Readonly<Record<string, string>> = {
  AccessDenied:
    'The access key or its secret is not right, or the key is not active any more. A temporary key needs its session token, too.',
  TooManyRequestsException: 'Too many wrong keys came from here: wait a minute, and try again.',
  HttpsRequired:
    'Keys are not taken over plain http from another machine, for whoever is on the way could read them.',
}

/** `code`: undefined where there was no answer. */
export const signInFailureText = (code: string | undefined, message: string): string =>
  code === undefined ? 'Standpipe does not answer: is it still running?' : (WORDS[code] ?? message)
