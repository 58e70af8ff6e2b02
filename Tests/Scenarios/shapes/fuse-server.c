// SPDX-License-Identifier: Apache-2.0
/// A file system that answers everything but what hurts:
///
///     fuse-server DIRECTORY [OPTIONS]
///
/// Mounts itself there, by default as the caller's and open to all, says "ready" on stdout, and serves until it is killed, which frees all who wait. Files: `hang`,
/// whose reads are never answered; `page`, the same through the page cache; `launder`, whose reads are answered and
/// whose writes are not; `parked`, whose look-up is answered as soon as something hangs that did not at the last one.
/// Speaks the kernel's protocol on /dev/fuse itself: no library is needed.
#define _GNU_SOURCE
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum node { root = FUSE_ROOT_ID, hang, page, launder, parked };
static const char *const names[] = {[hang] = "hang", [page] = "page", [launder] = "launder", [parked] = "parked"};

static int device;
static long hanging, seen;
static uint64_t waiting_lookup;

static void answer(uint64_t request, int error, const void *body, size_t length) {
    struct fuse_out_header header = {.len = (uint32_t)(sizeof header + length), .error = -error, .unique = request};
    struct iovec parts[] = {{&header, sizeof header}, {(void *)body, length}};
    // ENOENT: whoever asked has been killed meanwhile.
    if (writev(device, parts, 2) < 0 && errno != ENOENT) err(1, "answer");
}

static struct fuse_attr attributes(uint64_t node) {
    struct fuse_attr attr = {.ino = node, .nlink = 1, .blksize = 4096, .size = 1 << 20, .mode = S_IFREG | 0666};
    if (node == root) attr.mode = S_IFDIR | 0755;
    return attr;
}

static void answer_entry(uint64_t request, uint64_t node) {
    struct fuse_entry_out entry = {.nodeid = node, .attr = attributes(node)};
    answer(request, 0, &entry, sizeof entry);
}

static void answer_waiting_lookup(void) {
    if (!waiting_lookup || hanging <= seen) return;
    seen = hanging;
    answer_entry(waiting_lookup, parked);
    waiting_lookup = 0;
}

static void park(void) {
    hanging++;
    answer_waiting_lookup();
}

static void look_up(uint64_t request, const char *name) {
    for (uint64_t node = hang; node <= parked; node++) {
        if (strcmp(name, names[node]) != 0) continue;
        if (node != parked) return answer_entry(request, node);
        waiting_lookup = request;
        return answer_waiting_lookup();
    }
    answer(request, ENOENT, NULL, 0);
}

static void start(uint64_t request, const struct fuse_init_in *asked) {
    struct fuse_init_out reply = {
        .major = FUSE_KERNEL_VERSION, .minor = FUSE_KERNEL_MINOR_VERSION, .max_readahead = 0,
        // A look-up that is left waiting must not hold up the others.
        .flags = asked->flags & FUSE_PARALLEL_DIROPS, .max_write = 4096, .max_background = 16,
    };
    answer(request, 0, &reply, sizeof reply);
}

static void open_node(uint64_t request, uint64_t node, const struct fuse_open_in *asked) {
    struct fuse_open_out reply = {.fh = node};
    bool reading = (asked->flags & O_ACCMODE) == O_RDONLY;
    if (node == hang || (node == launder && reading)) reply.open_flags = FOPEN_DIRECT_IO;
    if (node == launder) reply.open_flags |= FOPEN_KEEP_CACHE;
    answer(request, 0, &reply, sizeof reply);
}

static void serve(const struct fuse_in_header *header, const void *body) {
    static const char zeros[4096];
    uint64_t request = header->unique, node = header->nodeid;
    switch (header->opcode) {
    case FUSE_INIT: return start(request, body);
    case FUSE_LOOKUP: return look_up(request, body);
    case FUSE_GETATTR: {
        struct fuse_attr_out reply = {.attr = attributes(node)};
        return answer(request, 0, &reply, sizeof reply);
    }
    case FUSE_OPEN: return open_node(request, node, body);
    case FUSE_READ: return node == launder ? answer(request, 0, zeros, sizeof zeros) : park();
    case FUSE_WRITE: return park();
    // These want no answer.
    case FUSE_FORGET: case FUSE_BATCH_FORGET: case FUSE_INTERRUPT: return;
    case FUSE_FLUSH: case FUSE_RELEASE: case FUSE_DESTROY: return answer(request, 0, NULL, 0);
    default: return answer(request, ENOSYS, NULL, 0);
    }
}

int main(int argc, char **argv) {
    if (argc < 2 || argc > 3) errx(2, "usage: fuse-server DIRECTORY [OPTIONS]");
    device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
    if (device < 0) err(1, "open /dev/fuse");
    char own[64], options[256];
    snprintf(own, sizeof own, "user_id=%d,allow_other", getuid());
    snprintf(options, sizeof options, "fd=%d,rootmode=40755,group_id=%d,%s", device, getgid(), argc > 2 ? argv[2] : own);
    if (mount("exeunt-tests", argv[1], "fuse", MS_NOSUID | MS_NODEV, options) < 0) err(1, "mount %s", argv[1]);
    if (write(1, "ready\n", 6) != 6) err(1, "write");
    static char request[FUSE_MIN_READ_BUFFER + 64 * 1024] __attribute__((aligned(8)));
    for (;;) {
        ssize_t length = read(device, request, sizeof request);
        if (length < 0 && (errno == EINTR || errno == ENOENT || errno == EAGAIN)) continue;
        if (length < 0 && errno == ENODEV) return 0;
        if (length < 0) err(1, "read /dev/fuse");
        serve((struct fuse_in_header *)request, request + sizeof(struct fuse_in_header));
    }
}
