/*
 * Preloaded (LD_PRELOAD) into a server: appends every change of the folder POWER_ROOT, with its bytes and in its order,
 * to the file POWER_TRACE. An event is written after what it tells of has happened; of a sync its begin as well, since
 * it makes durable only what was there when it was called. trace.ts reads what this writes:
 *
 *     total bytes u32 · kind u8 · flags u8 · path bytes u16 · other path's bytes u32 · pid u32 · inode u64 · a u64 · b u64 · path · other path · data
 *
 * Paths are relative to POWER_ROOT. What it cannot follow is said with the kind '!', and fails the run.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))real(#name))

static char root[PATH_MAX];
static size_t root_length;
static int trace = -1;
/* Held over a change and its event, so that the trace has the order in which things happened. */
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static uint64_t syncs;

static volatile sig_atomic_t dying;

static void enter(void) { pthread_mutex_lock(&order); }
static void leave(void) {
  if (dying) kill(getpid(), SIGKILL);
  pthread_mutex_unlock(&order);
}
/* SIGUSR2 is SIGKILL, but never between a change and its event: the next process would see what the trace has not. */
static void die(int signal) {
  (void)signal;
  dying = 1;
  if (pthread_mutex_trylock(&order) == 0) kill(getpid(), SIGKILL);
}

static void *real(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void begin(void) {
  const char *folder = getenv("POWER_ROOT");
  const char *file = getenv("POWER_TRACE");
  if (!folder || !file || !realpath(folder, root)) return;
  trace = syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  root_length = strlen(root);
  signal(SIGUSR2, die);
}

struct head {
  uint32_t total;
  uint8_t kind, flags;
  uint16_t path_bytes;
  uint32_t other_bytes, pid;
  uint64_t inode, a, b;
} __attribute__((packed));

static void emit(char kind, int flags, uint64_t inode, uint64_t a, uint64_t b, const char *path, const char *other,
                 const void *data, size_t data_bytes) {
  struct head head = {.kind = kind, .flags = flags, .pid = getpid(), .inode = inode, .a = a, .b = b};
  head.path_bytes = path ? strlen(path) : 0;
  head.other_bytes = other ? strlen(other) : 0;
  head.total = sizeof head + head.path_bytes + head.other_bytes + data_bytes;
  struct iovec parts[] = {{&head, sizeof head},
                          {(void *)path, head.path_bytes},
                          {(void *)other, head.other_bytes},
                          {(void *)data, data_bytes}};
  /* One system call an event: killed at any time, the trace ends with a whole one. */
  if (syscall(SYS_writev, trace, parts, 4) != (long)head.total) {
    fputs("recorder: the trace cannot be written\n", stderr);
    _exit(99);
  }
}

static void unfollowed(const char *what, const char *path) { emit('!', 0, 0, 0, 0, what, path, NULL, 0); }

/* The path inside the root, or NULL when it lies elsewhere. */
static const char *inside(const char *path) {
  if (strncmp(path, root, root_length) != 0) return NULL;
  if (path[root_length] == '\0') return path + root_length;
  return path[root_length] == '/' ? path + root_length + 1 : NULL;
}

static const char *inside_at(int folder, const char *path, char *buffer) {
  if (trace < 0 || !path) return NULL;
  if (path[0] == '/') return inside(path);
  char base[PATH_MAX];
  if (folder == AT_FDCWD) {
    if (!getcwd(base, sizeof base)) return NULL;
  } else {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", folder);
    ssize_t length = readlink(link, base, sizeof base - 1);
    if (length < 0) return NULL;
    base[length] = '\0';
  }
  if (snprintf(buffer, PATH_MAX, "%s/%s", base, path) >= PATH_MAX) return NULL;
  return inside(buffer);
}

/* Whether a descriptor is a file or folder inside the root; fills in what it is. */
static int followed(int fd, struct stat *found) {
  if (trace < 0) return 0;
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = '\0';
  return inside(path) && fstat(fd, found) == 0;
}

/* ------------------------------------------------------------------ names */

static int open_common(int folder, const char *path, int flags, mode_t mode) {
  char buffer[PATH_MAX];
  const char *name = (flags & (O_CREAT | O_TRUNC)) ? inside_at(folder, path, buffer) : NULL;
  if (!name) return syscall(SYS_openat, folder, path, flags, mode);
  enter();
  struct stat before, after;
  int existed = fstatat(folder, path, &before, 0) == 0;
  int fd = syscall(SYS_openat, folder, path, flags, mode);
  int error = errno;
  if (fd >= 0 && fstat(fd, &after) == 0) {
    if (!existed) emit('C', 0, after.st_ino, 0, 0, name, NULL, NULL, 0);
    else if ((flags & O_TRUNC) && before.st_size > 0) emit('T', 0, after.st_ino, 0, 0, NULL, NULL, NULL, 0);
  }
  leave();
  errno = error;
  return fd;
}

#define OPEN_MODE                                   \
  mode_t mode = 0;                                  \
  if (flags & (O_CREAT | O_TMPFILE)) {              \
    va_list rest;                                   \
    va_start(rest, flags);                          \
    mode = va_arg(rest, mode_t);                    \
    va_end(rest);                                   \
  }
int open(const char *path, int flags, ...) { OPEN_MODE return open_common(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { OPEN_MODE return open_common(AT_FDCWD, path, flags, mode); }
int openat(int folder, const char *path, int flags, ...) { OPEN_MODE return open_common(folder, path, flags, mode); }
int openat64(int folder, const char *path, int flags, ...) { OPEN_MODE return open_common(folder, path, flags, mode); }
int creat(const char *path, mode_t mode) { return open_common(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return creat(path, mode); }

static FILE *fopen_common(FILE *(*call)(const char *, const char *), const char *path, const char *mode) {
  char buffer[PATH_MAX];
  if (inside_at(AT_FDCWD, path, buffer) && strpbrk(mode, "wa+")) unfollowed("fopen", path);
  return call(path, mode);
}
FILE *fopen(const char *path, const char *mode) { return fopen_common(REAL(fopen), path, mode); }
FILE *fopen64(const char *path, const char *mode) { return fopen_common(REAL(fopen64), path, mode); }

int mkdirat(int folder, const char *path, mode_t mode) {
  char buffer[PATH_MAX];
  const char *name = inside_at(folder, path, buffer);
  if (!name) return syscall(SYS_mkdirat, folder, path, mode);
  enter();
  int result = syscall(SYS_mkdirat, folder, path, mode);
  int error = errno;
  struct stat made;
  if (result == 0 && fstatat(folder, path, &made, 0) == 0) emit('D', 0, made.st_ino, 0, 0, name, NULL, NULL, 0);
  leave();
  errno = error;
  return result;
}
int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

int unlinkat(int folder, const char *path, int flags) {
  char buffer[PATH_MAX];
  const char *name = inside_at(folder, path, buffer);
  if (!name) return syscall(SYS_unlinkat, folder, path, flags);
  enter();
  int result = syscall(SYS_unlinkat, folder, path, flags);
  int error = errno;
  if (result == 0) emit((flags & AT_REMOVEDIR) ? 'X' : 'U', 0, 0, 0, 0, name, NULL, NULL, 0);
  leave();
  errno = error;
  return result;
}
int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }
int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }
int remove(const char *path) {
  int result = unlinkat(AT_FDCWD, path, 0);
  return result < 0 && errno == EISDIR ? unlinkat(AT_FDCWD, path, AT_REMOVEDIR) : result;
}

static int move(char kind, int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
  char from_buffer[PATH_MAX], to_buffer[PATH_MAX];
  const char *old_name = inside_at(from_folder, from, from_buffer);
  const char *new_name = inside_at(to_folder, to, to_buffer);
  long number = kind == 'R' ? SYS_renameat2 : SYS_linkat;
  if (!old_name && !new_name) return syscall(number, from_folder, from, to_folder, to, flags);
  enter();
  struct stat moved;
  int result = fstatat(from_folder, from, &moved, AT_SYMLINK_NOFOLLOW);
  if (result == 0) result = syscall(number, from_folder, from, to_folder, to, flags);
  int error = errno;
  if (result == 0) {
    if (!old_name || !new_name || (kind == 'R' && flags)) unfollowed("a rename over the border, or an exchange", from);
    else emit(kind, 0, moved.st_ino, 0, 0, old_name, new_name, NULL, 0);
  }
  leave();
  errno = error;
  return result;
}
int rename(const char *from, const char *to) { return move('R', AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int f, const char *from, int t, const char *to) { return move('R', f, from, t, to, 0); }
int renameat2(int f, const char *from, int t, const char *to, unsigned flags) { return move('R', f, from, t, to, flags); }
int link(const char *from, const char *to) { return move('L', AT_FDCWD, from, AT_FDCWD, to, 0); }
int linkat(int f, const char *from, int t, const char *to, int flags) { return move('L', f, from, t, to, flags); }
int symlink(const char *target, const char *path) {
  char buffer[PATH_MAX];
  if (inside_at(AT_FDCWD, path, buffer)) unfollowed("symlink", path);
  return syscall(SYS_symlinkat, target, AT_FDCWD, path);
}

/* ------------------------------------------------------------------ bytes */

enum { DURABLE = 1 };

/* Emits what a write put at `at`; `data` is what was given, or NULL when it has to be read back. */
static void emit_write(int fd, const struct stat *file, off_t at, const struct iovec *parts, int count, size_t bytes) {
  int flags = (fcntl(fd, F_GETFL) & O_DSYNC) ? DURABLE : 0; /* O_SYNC holds O_DSYNC's bit. */
  if (count == 1) {
    emit('W', flags, file->st_ino, at, 0, NULL, NULL, parts[0].iov_base, bytes);
    return;
  }
  char *joined = malloc(bytes ? bytes : 1);
  size_t done = 0;
  for (int index = 0; index < count && done < bytes; index++) {
    size_t taken = parts[index].iov_len < bytes - done ? parts[index].iov_len : bytes - done;
    memcpy(joined + done, parts[index].iov_base, taken);
    done += taken;
  }
  emit('W', flags, file->st_ino, at, 0, NULL, NULL, joined, bytes);
  free(joined);
}

/* `at` below 0: where the descriptor stands. */
static ssize_t write_common(int fd, const struct iovec *parts, int count, off_t at) {
  struct stat file;
  int is_followed = followed(fd, &file);
  if (is_followed) enter();
  off_t place = at;
  if (is_followed && at < 0) {
    if (fcntl(fd, F_GETFL) & O_APPEND) {
      fstat(fd, &file);
      place = file.st_size;
    } else place = lseek(fd, 0, SEEK_CUR);
  }
  ssize_t done = at < 0 ? syscall(SYS_writev, fd, parts, count)
                        : syscall(SYS_pwritev, fd, parts, count, (long)at, (long)((uint64_t)at >> 32));
  int error = errno;
  if (is_followed) {
    if (done > 0) emit_write(fd, &file, place, parts, count, done);
    leave();
  }
  errno = error;
  return done;
}

ssize_t write(int fd, const void *data, size_t bytes) {
  struct stat file;
  if (!followed(fd, &file)) return syscall(SYS_write, fd, data, bytes);
  struct iovec part = {(void *)data, bytes};
  return write_common(fd, &part, 1, -1);
}
ssize_t writev(int fd, const struct iovec *parts, int count) { return write_common(fd, parts, count, -1); }
ssize_t pwrite(int fd, const void *data, size_t bytes, off_t at) {
  struct iovec part = {(void *)data, bytes};
  return write_common(fd, &part, 1, at);
}
ssize_t pwrite64(int fd, const void *data, size_t bytes, off_t at) { return pwrite(fd, data, bytes, at); }
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) { return write_common(fd, parts, count, at); }
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off_t at) { return write_common(fd, parts, count, at); }
ssize_t pwritev2(int fd, const struct iovec *parts, int count, off_t at, int flags) {
  struct stat file;
  if (flags && followed(fd, &file)) unfollowed("pwritev2 with flags", "");
  return write_common(fd, parts, count, at);
}

int ftruncate(int fd, off_t size) {
  struct stat file;
  if (!followed(fd, &file)) return syscall(SYS_ftruncate, fd, size);
  enter();
  int result = syscall(SYS_ftruncate, fd, size);
  int error = errno;
  if (result == 0) emit('T', 0, file.st_ino, size, 0, NULL, NULL, NULL, 0);
  leave();
  errno = error;
  return result;
}
int ftruncate64(int fd, off_t size) { return ftruncate(fd, size); }
int truncate(const char *path, off_t size) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  int result = ftruncate(fd, size);
  int error = errno;
  close(fd);
  errno = error;
  return result;
}
int truncate64(const char *path, off_t size) { return truncate(path, size); }

int fallocate(int fd, int mode, off_t at, off_t bytes) {
  struct stat file, after;
  if (!followed(fd, &file)) return syscall(SYS_fallocate, fd, mode, at, bytes);
  enter();
  int result = syscall(SYS_fallocate, fd, mode, at, bytes);
  int error = errno;
  if (result == 0 && fstat(fd, &after) == 0) {
    if (mode & ~FALLOC_FL_KEEP_SIZE) unfollowed("fallocate that changes bytes", "");
    else if (after.st_size != file.st_size) emit('T', 0, file.st_ino, after.st_size, 0, NULL, NULL, NULL, 0);
  }
  leave();
  errno = error;
  return result;
}
int fallocate64(int fd, int mode, off_t at, off_t bytes) { return fallocate(fd, mode, at, bytes); }
int posix_fallocate(int fd, off_t at, off_t bytes) { return fallocate(fd, 0, at, bytes) == 0 ? 0 : errno; }
int posix_fallocate64(int fd, off_t at, off_t bytes) { return posix_fallocate(fd, at, bytes); }

/* Copies inside the kernel: what arrived is read back. */
static ssize_t copied(int fd, const struct stat *file, off_t at, ssize_t done) {
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
  int reader = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
  char *bytes = malloc(done);
  struct iovec part = {bytes, done};
  if (reader >= 0 && syscall(SYS_pread64, reader, bytes, done, at) == done) emit_write(fd, file, at, &part, 1, done);
  else unfollowed("a copy that could not be read back", "");
  free(bytes);
  if (reader >= 0) close(reader);
  return done;
}
ssize_t copy_file_range(int in, off64_t *in_at, int out, off64_t *out_at, size_t bytes, unsigned flags) {
  struct stat file;
  if (!followed(out, &file)) return syscall(SYS_copy_file_range, in, in_at, out, out_at, bytes, flags);
  enter();
  off_t at = out_at ? *out_at : lseek(out, 0, SEEK_CUR);
  ssize_t done = syscall(SYS_copy_file_range, in, in_at, out, out_at, bytes, flags);
  int error = errno;
  if (done > 0) copied(out, &file, at, done);
  leave();
  errno = error;
  return done;
}
ssize_t sendfile64(int out, int in, off64_t *in_at, size_t bytes) {
  struct stat file;
  if (!followed(out, &file)) return syscall(SYS_sendfile, out, in, in_at, bytes);
  enter();
  off_t at = lseek(out, 0, SEEK_CUR);
  ssize_t done = syscall(SYS_sendfile, out, in, in_at, bytes);
  int error = errno;
  if (done > 0) copied(out, &file, at, done);
  leave();
  errno = error;
  return done;
}
ssize_t sendfile(int out, int in, off_t *in_at, size_t bytes) { return sendfile64(out, in, in_at, bytes); }

int ioctl(int fd, unsigned long request, ...) {
  va_list rest;
  va_start(rest, request);
  void *argument = va_arg(rest, void *);
  va_end(rest);
  const unsigned long FICLONE_REQUEST = 0x40049409, FICLONERANGE_REQUEST = 0x4020940d;
  struct stat file;
  if ((request == FICLONE_REQUEST || request == FICLONERANGE_REQUEST) && followed(fd, &file)) {
    errno = EOPNOTSUPP; /* Then bytes are copied, which can be followed. */
    return -1;
  }
  return syscall(SYS_ioctl, fd, request, argument);
}

/* Written through memory, nothing can be seen. LMDB's lock file is, and holds nothing that outlives a process. */
static void *map_common(void *address, size_t bytes, int protection, int flags, int fd, off_t at) {
  struct stat file;
  if (fd >= 0 && (flags & MAP_SHARED) && (protection & PROT_WRITE) && followed(fd, &file)) {
    char link[64], path[PATH_MAX] = "";
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    if (readlink(link, path, sizeof path - 1) < 0 || !strstr(path, "lock.mdb")) unfollowed("a writable map", path);
  }
  return (void *)syscall(SYS_mmap, address, bytes, protection, flags, fd, at);
}
void *mmap(void *a, size_t n, int p, int f, int fd, off_t at) { return map_common(a, n, p, f, fd, at); }
void *mmap64(void *a, size_t n, int p, int f, int fd, off_t at) { return map_common(a, n, p, f, fd, at); }

/* ------------------------------------------------------------------ syncs */

static int sync_common(long number, int fd) {
  struct stat file;
  if (!followed(fd, &file)) return syscall(number, fd);
  enter();
  uint64_t id = ++syncs;
  emit('B', 0, file.st_ino, id, 0, NULL, NULL, NULL, 0);
  leave();
  int result = syscall(number, fd);
  int error = errno;
  enter();
  if (result == 0) emit('E', 0, file.st_ino, id, 0, NULL, NULL, NULL, 0);
  leave();
  errno = error;
  return result;
}
int fsync(int fd) { return sync_common(SYS_fsync, fd); }
int fdatasync(int fd) { return sync_common(SYS_fdatasync, fd); }
/* Promises nothing about metadata or the disk's own cache: it makes nothing durable here. */
int sync_file_range(int fd, off64_t at, off64_t bytes, unsigned flags) {
  return syscall(SYS_sync_file_range, fd, at, bytes, flags);
}
int msync(void *address, size_t bytes, int flags) { return syscall(SYS_msync, address, bytes, flags); }
