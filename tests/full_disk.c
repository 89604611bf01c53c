/* full_disk.c - preloaded: the disk is full once a journal has grown to 8 KiB. */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FULL_AT = 8192 };

/* True for an open journal.jsonl that leaves no room for n more bytes. */
static int is_full(int fd, size_t n) {
    static const char name[] = "/journal.jsonl";
    char link[64], path[4096];
    struct stat st;

    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof(path) - 1);
    if (length < (ssize_t)strlen(name))
        return 0;
    path[length] = '\0';
    return strcmp(path + length - strlen(name), name) == 0 && fstat(fd, &st) == 0 &&
           (size_t)st.st_size + n > FULL_AT;
}

__attribute__((visibility("default"))) ssize_t write(int fd, const void *data, size_t n) {
    ssize_t (*real)(int, const void *, size_t);
    void *symbol = dlsym(RTLD_NEXT, "write");

    memcpy(&real, &symbol, sizeof(real));
    if (!is_full(fd, n))
        return real(fd, data, n);
    if (n > 20)
        return real(fd, data, 20); /* the last bytes that fit */
    errno = ENOSPC;
    return -1;
}
