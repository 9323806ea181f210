/** Undoes what it came from; harmless when called twice or too late. */
export type Cancel = () => void
