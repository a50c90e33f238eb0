/* Lets the n-th write below a folder fail, once or from then on. For Linux: cc -shared -fPIC.
 *
 * FAULT_FOLDER: only files below it count. FAULT_AT: which call fails (from 1). FAULT_ERRNO: with
 * what. FAULT_ONCE: later calls succeed again. FAULT_COUNT: file to which the calls are counted.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static long calls = 0;

static int below(const char *path) {
    const char *folder = getenv("FAULT_FOLDER");
    return folder && path && strncmp(path, folder, strlen(folder)) == 0;
}

static int below_fd(int fd) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = readlink(link, path, sizeof path - 1);
    if (size < 0)
        return 0;
    path[size] = 0;
    return below(path);
}

static int fails(int counts) {
    if (!counts)
        return 0;
    long at = atol(getenv("FAULT_AT") ? getenv("FAULT_AT") : "0");
    long call = __sync_add_and_fetch(&calls, 1);
    if (!at || call < at || (getenv("FAULT_ONCE") && call > at))
        return 0;
    errno = atoi(getenv("FAULT_ERRNO") ? getenv("FAULT_ERRNO") : "28");
    return 1;
}

__attribute__((destructor)) static void report(void) {
    const char *path = getenv("FAULT_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (file) {
        fprintf(file, "%ld\n", calls);
        fclose(file);
    }
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
    return fails(below_fd(fd)) ? -1 : REAL(pwrite)(fd, data, size, at);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
    return fails(below_fd(fd)) ? -1 : REAL(pwrite64)(fd, data, size, at);
}
ssize_t write(int fd, const void *data, size_t size) {
    return fails(below_fd(fd)) ? -1 : REAL(write)(fd, data, size);
}
int fsync(int fd) { return fails(below_fd(fd)) ? -1 : REAL(fsync)(fd); }
int fdatasync(int fd) { return fails(below_fd(fd)) ? -1 : REAL(fdatasync)(fd); }
int ftruncate(int fd, off_t size) { return fails(below_fd(fd)) ? -1 : REAL(ftruncate)(fd, size); }
int ftruncate64(int fd, off64_t size) {
    return fails(below_fd(fd)) ? -1 : REAL(ftruncate64)(fd, size);
}
int rename(const char *from, const char *to) {
    return fails(below(to)) ? -1 : REAL(rename)(from, to);
}
int renameat(int from_fd, const char *from, int to_fd, const char *to) {
    return fails(below(to)) ? -1 : REAL(renameat)(from_fd, from, to_fd, to);
}
