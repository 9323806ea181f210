const LARGE_BYTES = 16 * 1024 * 1024

/**
 * glibc gives the end of its heap back to the system as soon as 128 KiB there are free, and asks for it again with the
 * next buffer. Once something larger was freed, that limit is twice its size: mallopt(3), M_MMAP_THRESHOLD. Other
 * allocators do not mind.
 */
export function keepFreedMemory(): void {
  new ArrayBuffer(LARGE_BYTES).transfer(0)
}
