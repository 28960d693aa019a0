// MPI for JavaScript, as much of it as a training needs: collective calls on bytes that do not block, one
// at a time, on MPI_COMM_WORLD. In C on Node-API alone, so that `mpicc` builds it with one command.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <mpi.h>
#include <node_api.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static MPI_Request pending = MPI_REQUEST_NULL;
// Displacements that a call under way still reads.
static int* offsets[2];
// The ranks of this machine.
static MPI_Comm host = MPI_COMM_NULL;

static napi_value undefinedValue(napi_env env) {
  napi_value value;
  napi_get_undefined(env, &value);
  return value;
}

// Throws an error for what MPI returned.
static napi_value fail(napi_env env, const char* call, int code) {
  char reason[MPI_MAX_ERROR_STRING] = "";
  int length = 0;
  MPI_Error_string(code, reason, &length);
  char message[MPI_MAX_ERROR_STRING + 64];
  snprintf(message, sizeof message, "%s: %s", call, reason);
  napi_throw_error(env, "ERR_MPI", message);
  return NULL;
}

static napi_value number(napi_env env, double from) {
  napi_value value;
  napi_create_double(env, from, &value);
  return value;
}

static void set(napi_env env, napi_value object, const char* name, napi_value value) {
  napi_set_named_property(env, object, name, value);
}

// Parts of MPI are loaded while it runs and look for its symbols among those that all may see, which an
// addon's are not.
static void showSymbols(void) {
  Dl_info where;
  if (dladdr((void*)&MPI_Init_thread, &where) != 0 && where.dli_fname != NULL) {
    dlopen(where.dli_fname, RTLD_LAZY | RTLD_GLOBAL | RTLD_NOLOAD);
  }
}

// init(): { rank, size, localSize, library }
static napi_value init(napi_env env, napi_callback_info info) {
  (void)info;
  showSymbols();
  int level = 0;
  int code = MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level);
  if (code != MPI_SUCCESS) return fail(env, "MPI_Init_thread", code);
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  int rank = 0, size = 0, localSize = 0, length = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  code = MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, rank, MPI_INFO_NULL, &host);
  if (code != MPI_SUCCESS) return fail(env, "MPI_Comm_split_type", code);
  MPI_Comm_size(host, &localSize);
  char library[MPI_MAX_LIBRARY_VERSION_STRING] = "";
  MPI_Get_library_version(library, &length);
  napi_value found, text;
  napi_create_object(env, &found);
  set(env, found, "rank", number(env, rank));
  set(env, found, "size", number(env, size));
  set(env, found, "localSize", number(env, localSize));
  napi_create_string_utf8(env, library, NAPI_AUTO_LENGTH, &text);
  set(env, found, "library", text);
  return found;
}

// The bytes of a Uint8Array, or the numbers of an Int32Array: the caller hands in nothing else.
static void* arrayOf(napi_env env, napi_value value, size_t* length) {
  void* data = NULL;
  napi_get_typedarray_info(env, value, NULL, length, &data, NULL, NULL);
  return data;
}

// Where each part begins that has so many bytes.
static int* offsetsOf(const int* counts, size_t length) {
  int* from = malloc((length + 1) * sizeof(int));
  if (from == NULL) return NULL;
  from[0] = 0;
  for (size_t i = 0; i < length; ++i) from[i + 1] = from[i] + counts[i];
  return from;
}

static bool makeOffsets(napi_env env, int which, const int* counts, size_t length) {
  free(offsets[which]);
  offsets[which] = offsetsOf(counts, length);
  if (offsets[which] == NULL) napi_throw_error(env, "ERR_MEMORY", "expected memory, received none");
  return offsets[which] != NULL;
}

// exchange(sent, sentCounts, received, receivedCounts) begins; test() says when it is done.
static napi_value exchange(napi_env env, napi_callback_info info) {
  size_t count = 4, ranks = 0, length = 0;
  napi_value given[4];
  napi_get_cb_info(env, info, &count, given, NULL, NULL);
  void* sent = arrayOf(env, given[0], &length);
  int* sentCounts = arrayOf(env, given[1], &ranks);
  void* received = arrayOf(env, given[2], &length);
  int* receivedCounts = arrayOf(env, given[3], &ranks);
  if (!makeOffsets(env, 0, sentCounts, ranks) || !makeOffsets(env, 1, receivedCounts, ranks)) return NULL;
  const int code = MPI_Ialltoallv(sent, sentCounts, offsets[0], MPI_BYTE, received, receivedCounts,
                                  offsets[1], MPI_BYTE, MPI_COMM_WORLD, &pending);
  return code == MPI_SUCCESS ? undefinedValue(env) : fail(env, "MPI_Ialltoallv", code);
}

// gather(sent, received, counts) begins likewise.
static napi_value gather(napi_env env, napi_callback_info info) {
  size_t count = 3, ranks = 0, length = 0, all = 0;
  napi_value given[3];
  napi_get_cb_info(env, info, &count, given, NULL, NULL);
  void* sent = arrayOf(env, given[0], &length);
  void* received = arrayOf(env, given[1], &all);
  int* counts = arrayOf(env, given[2], &ranks);
  if (!makeOffsets(env, 1, counts, ranks)) return NULL;
  const int code = MPI_Iallgatherv(sent, (int)length, MPI_BYTE, received, counts, offsets[1], MPI_BYTE,
                                   MPI_COMM_WORLD, &pending);
  return code == MPI_SUCCESS ? undefinedValue(env) : fail(env, "MPI_Iallgatherv", code);
}

// barrier() begins likewise.
static napi_value barrier(napi_env env, napi_callback_info info) {
  (void)info;
  const int code = MPI_Ibarrier(MPI_COMM_WORLD, &pending);
  return code == MPI_SUCCESS ? undefinedValue(env) : fail(env, "MPI_Ibarrier", code);
}

// Where the first rank of a machine keeps memory for all of them.
typedef struct {
  int64_t process, file, identity;
} Place;

// A file without a name or a place on a disk: it ends with the last process that has it.
static int makeFile(size_t bytes) {
#ifdef __linux__
  const int file = memfd_create("bitgrad", MFD_CLOEXEC);
  if (file < 0) return -1;
  // Memory that is not there is refused here, not by a signal at the first touch.
  if (posix_fallocate(file, 0, (off_t)bytes) == 0) return file;
  close(file);
#else
  (void)bytes;
#endif
  return -1;
}

static int64_t identityOf(int file) {
  struct stat found;
  return file >= 0 && fstat(file, &found) == 0 ? (int64_t)found.st_ino : -1;
}

static int openFile(Place place) {
  char path[64];
  snprintf(path, sizeof path, "/proc/%lld/fd/%lld", (long long)place.process, (long long)place.file);
  const int file = open(path, O_RDWR | O_CLOEXEC);
  // In a container, a process of that number may be another one.
  if (file < 0 || identityOf(file) == place.identity) return file;
  close(file);
  return -1;
}

// share(bytes): { buffer, isFirst }, memory that all ranks of this machine see, zeros; undefined for all
// of them where there is none. It lasts until the process ends.
static napi_value share(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value given[1], buffer = NULL, found;
  napi_get_cb_info(env, info, &count, given, NULL, NULL);
  int64_t bytes = 0;
  napi_get_value_int64(env, given[0], &bytes);
  int localRank = 0;
  MPI_Comm_rank(host, &localRank);
  int file = -1;
  Place place = {-1, -1, -1};
  if (localRank == 0) {
    file = makeFile((size_t)bytes);
    place = (Place){getpid(), file, identityOf(file)};
  }
  int code = MPI_Bcast(&place, sizeof place, MPI_BYTE, 0, host);
  if (code != MPI_SUCCESS) return fail(env, "MPI_Bcast", code);
  if (localRank > 0 && place.file >= 0) file = openFile(place);
  void* memory = MAP_FAILED;
  if (file >= 0) {
    memory = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  }
  // Not every Node may show memory that it has not made, or so much.
  int isThere = memory != MAP_FAILED && napi_create_external_arraybuffer(env, memory, (size_t)bytes, NULL,
                                                                         NULL, &buffer) == napi_ok;
  int isEverywhere = 0;
  code = MPI_Allreduce(&isThere, &isEverywhere, 1, MPI_INT, MPI_MIN, host);
  if (file >= 0) close(file);
  if (code != MPI_SUCCESS) return fail(env, "MPI_Allreduce", code);
  if (!isEverywhere) {
    if (memory != MAP_FAILED && !isThere) munmap(memory, (size_t)bytes);
    return undefinedValue(env);
  }
  napi_value isFirst;
  napi_get_boolean(env, localRank == 0, &isFirst);
  napi_create_object(env, &found);
  set(env, found, "buffer", buffer);
  set(env, found, "isFirst", isFirst);
  return found;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

// test(seconds): whether what has begun is done, which is waited for so long at most. Others may need
// the processor for it.
static napi_value test(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value given[1];
  napi_get_cb_info(env, info, &count, given, NULL, NULL);
  double seconds = 0;
  napi_get_value_double(env, given[0], &seconds);
  const double end = now() + seconds;
  int isDone = 0;
  for (;;) {
    const int code = MPI_Test(&pending, &isDone, MPI_STATUS_IGNORE);
    if (code != MPI_SUCCESS) return fail(env, "MPI_Test", code);
    if (isDone || now() >= end) break;
    sched_yield();
  }
  napi_value value;
  napi_get_boolean(env, isDone != 0, &value);
  return value;
}

// finalize(): all ranks must have come to their end.
static napi_value finalize(napi_env env, napi_callback_info info) {
  (void)info;
  MPI_Finalize();
  return undefinedValue(env);
}

// abort(code) ends all ranks at once.
static napi_value abortAll(napi_env env, napi_callback_info info) {
  size_t count = 1;
  napi_value given[1];
  napi_get_cb_info(env, info, &count, given, NULL, NULL);
  int32_t code = 1;
  napi_get_value_int32(env, given[0], &code);
  MPI_Abort(MPI_COMM_WORLD, code);
  return NULL;
}

NAPI_MODULE_INIT() {
  const struct {
    const char* name;
    napi_callback run;
  } functions[] = {{"init", init},       {"exchange", exchange}, {"gather", gather},
                   {"barrier", barrier}, {"share", share},       {"test", test},
                   {"finalize", finalize}, {"abort", abortAll}};
  for (size_t i = 0; i < sizeof functions / sizeof functions[0]; ++i) {
    napi_value function;
    napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].run, NULL, &function);
    set(env, exports, functions[i].name, function);
  }
  return exports;
}
