// A library that is loaded before the system's and makes one call fail: the FAULT_AT-th of FAULT_CALL
// among those on files of the current folder (named relatively, or below FAULT_FOLDER), with the error
// number FAULT_ERROR; or ends the process there, where that is "kill". Then it leaves the file FAULT_MARK. From the
// FAULT_AT-th "thread" on none can be started, from the FAULT_AT-th look at the "clock" on it is ten years ago. See
// faults.mjs, kills.mjs and conditions.mjs.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { MOST_FILES = 65536 };
enum { TEN_YEARS = 315576000 };  // in seconds
static unsigned char watched[MOST_FILES];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int counted = 0;

static int is_inside(const char *path) {
  const char *folder = getenv("FAULT_FOLDER");
  if (path == NULL || folder == NULL) return 0;
  return path[0] != '/' || strncmp(path, folder, strlen(folder)) == 0;
}

static int is_end(void) { return strcmp(getenv("FAULT_ERROR"), "kill") == 0; }

static void end_if_asked(void) {
  if (is_end()) kill(getpid(), SIGKILL);
}

// Whether this call is the one that fails. A write may first be done by half.
static int fails(const char *call) {
  const char *wanted = getenv("FAULT_CALL");
  if (wanted == NULL || strcmp(wanted, call) != 0) return 0;
  pthread_mutex_lock(&mutex);
  counted += 1;
  const int is_it = counted == atoi(getenv("FAULT_AT"));
  pthread_mutex_unlock(&mutex);
  if (!is_it) return 0;
  const int mark = syscall(SYS_openat, AT_FDCWD, getenv("FAULT_MARK"), O_CREAT | O_WRONLY, 0600);
  if (mark >= 0) syscall(SYS_close, mark);
  if (strcmp(call, "write") != 0) end_if_asked();
  errno = is_end() ? EIO : atoi(getenv("FAULT_ERROR"));
  return 1;
}

// Whether this call and all after it are disturbed.
static int is_from(const char *call) {
  const char *wanted = getenv("FAULT_CALL");
  if (wanted == NULL || strcmp(wanted, call) != 0) return 0;
  return __sync_add_and_fetch(&counted, 1) >= atoi(getenv("FAULT_AT"));
}

// Node closes files by the system call itself: their numbers may since be those of pipes.
static int is_watched(int file) {
  struct stat found;
  if (file < 0 || file >= MOST_FILES || !watched[file]) return 0;
  return fstat(file, &found) == 0 && S_ISREG(found.st_mode);
}

static int opened(int file, const char *path) {
  if (file >= 0 && file < MOST_FILES) watched[file] = is_inside(path);
  return file;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
#define MODE(flags, mode)                                              \
  mode_t mode = 0;                                                     \
  if ((flags) & (O_CREAT | O_TMPFILE)) {                               \
    va_list list;                                                      \
    va_start(list, flags);                                             \
    mode = va_arg(list, mode_t);                                       \
    va_end(list);                                                      \
  }

int open(const char *path, int flags, ...) {
  MODE(flags, mode)
  if (is_inside(path) && fails("open")) return -1;
  return opened(REAL(open)(path, flags, mode), path);
}

int open64(const char *path, int flags, ...) {
  MODE(flags, mode)
  if (is_inside(path) && fails("open")) return -1;
  return opened(REAL(open64)(path, flags, mode), path);
}

ssize_t read(int file, void *bytes, size_t count) {
  if (is_watched(file) && fails("read")) return -1;
  return REAL(read)(file, bytes, count);
}

ssize_t pread64(int file, void *bytes, size_t count, off64_t at) {
  if (is_watched(file) && fails("read")) return -1;
  return REAL(pread64)(file, bytes, count, at);
}

ssize_t preadv64(int file, const struct iovec *parts, int count, off64_t at) {
  if (is_watched(file) && fails("read")) return -1;
  return REAL(preadv64)(file, parts, count, at);
}

// A write that fails has first written half, as on a full disk.
ssize_t write(int file, const void *bytes, size_t count) {
  if (is_watched(file) && fails("write")) {
    const int error = errno;
    REAL(write)(file, bytes, count / 2);
    end_if_asked();
    errno = error;
    return -1;
  }
  return REAL(write)(file, bytes, count);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at) {
  if (is_watched(file) && fails("write")) {
    const int error = errno;
    REAL(pwrite64)(file, bytes, count / 2, at);
    end_if_asked();
    errno = error;
    return -1;
  }
  return REAL(pwrite64)(file, bytes, count, at);
}

ssize_t writev(int file, const struct iovec *parts, int count) {
  if (is_watched(file) && fails("write")) {
    end_if_asked();
    return -1;
  }
  return REAL(writev)(file, parts, count);
}

int fsync(int file) {
  if (is_watched(file) && fails("fsync")) return -1;
  return REAL(fsync)(file);
}

int fdatasync(int file) {
  if (is_watched(file) && fails("fsync")) return -1;
  return REAL(fdatasync)(file);
}

int rename(const char *from, const char *to) {
  if (is_inside(from) && fails("rename")) return -1;
  return REAL(rename)(from, to);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*work)(void *),
                   void *context) {
  if (is_from("thread")) return EAGAIN;
  return REAL(pthread_create)(thread, attributes, work, context);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  const int status = REAL(clock_gettime)(clock, now);
  const int is_real = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE;
  if (status == 0 && is_real && is_from("clock")) now->tv_sec -= TEN_YEARS;
  return status;
}

int gettimeofday(struct timeval *now, void *zone) {
  const int status = REAL(gettimeofday)(now, zone);
  if (status == 0 && is_from("clock")) now->tv_sec -= TEN_YEARS;
  return status;
}
