// SPDX-License-Identifier: Apache-2.0
/// Puts something untrusted in the place of a path and of its components, and takes it away, as fast as it can:
///
///     adversary BASE SEED
///
/// The path is BASE/way/in/hook (and `script`); what is put there lies in BASE/stock, and is untrusted by itself or by
/// the directory it lies in, wherever that is moved. It has more power than any attacker whom the rules of trust leave
/// room for: it is root, and every change of a name is one system call. Says "ready", goes on until TERM, puts all back
/// and says how many things it did of each kind. One at a time: two would put their things into each other's.
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

static volatile sig_atomic_t is_over;
static uint64_t state;

static void end(int signal) {
    (void)signal;
    is_over = 1;
}

static unsigned draw(unsigned bound) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state % bound);
}

// For some tens of microseconds, of the length of what is raced against.
static void linger(void) {
    for (volatile unsigned turns = draw(60000); turns > 0; turns--) continue;
}

static void exchange(const char *one, const char *other) {
    if (renameat2(AT_FDCWD, one, AT_FDCWD, other, RENAME_EXCHANGE) < 0) err(1, "exchange %s and %s", one, other);
}

static void swap(const char *place, const char *stock) {
    exchange(place, stock);
    linger();
    exchange(place, stock);
}

static void bind_over(const char *place, const char *stock) {
    if (mount(stock, place, NULL, MS_BIND, NULL) < 0) err(1, "bind %s to %s", stock, place);
    linger();
    // Lazily: it may be in use just now.
    if (umount2(place, MNT_DETACH) < 0) err(1, "unmount %s", place);
}

static void hard_link(const char *place, const char *stock) {
    if (link(stock, "way/in/link") < 0) err(1, "link %s", stock);
    swap(place, "way/in/link");
    if (unlink("way/in/link") < 0) err(1, "unlink");
}

static void replace(const char *place, const char *stock) {
    // The name is gone for a moment, then somebody else's.
    if (rename(place, "stock/aside") < 0) err(1, "rename %s", place);
    if (link(stock, place) < 0) err(1, "link %s", stock);
    linger();
    if (rename("stock/aside", place) < 0) err(1, "rename to %s", place);
}

static void move_away(const char *place, const char *stock) {
    (void)stock;
    if (rename(place, "stock/in-mode/moved") < 0) err(1, "move %s", place);
    linger();
    if (rename("stock/in-mode/moved", place) < 0) err(1, "move back %s", place);
}

static const char *const files[] = {"stock/file-owner", "stock/file-mode", "stock/file-list"};
static const char *const inner[] = {"stock/in-owner", "stock/in-mode", "stock/in-sticky", "stock/in-list"};
static const char *const outer[] = {"stock/way-owner", "stock/way-mode", "stock/way-sticky", "stock/way-list"};
static const char *const file_links[] = {"stock/link-hook"};
static const char *const inner_links[] = {"stock/link-in"};
static const char *const outer_links[] = {"stock/link-way"};

#define OF(array) array, sizeof(array) / sizeof(array[0])

static const struct kind {
    const char *name;
    void (*act)(const char *place, const char *stock);
    const char *place;
    const char *const *stock;
    unsigned count;
} kinds[] = {
    {"swap-file", swap, "way/in/hook", OF(files)},
    {"swap-script", swap, "way/in/script", OF(files)},
    {"swap-inner", swap, "way/in", OF(inner)},
    {"swap-outer", swap, "way", OF(outer)},
    {"link-file", swap, "way/in/hook", OF(file_links)},
    {"link-inner", swap, "way/in", OF(inner_links)},
    {"link-outer", swap, "way", OF(outer_links)},
    {"bind-file", bind_over, "way/in/hook", OF(files)},
    {"bind-inner", bind_over, "way/in", OF(inner)},
    {"bind-outer", bind_over, "way", OF(outer)},
    {"hard-link", hard_link, "way/in/hook", OF(files)},
    {"replace", replace, "way/in/hook", OF(files)},
    {"move-away", move_away, "way/in", OF(inner)},
};

enum { KINDS = sizeof kinds / sizeof kinds[0] };

int main(int argc, char **argv) {
    if (argc != 3) errx(2, "usage: adversary BASE SEED");
    if (chdir(argv[1]) < 0) err(1, "%s", argv[1]);
    state = strtoull(argv[2], NULL, 10) | 1;
    signal(SIGTERM, end);
    if (write(1, "ready\n", 6) != 6) err(1, "write");
    unsigned long done[KINDS] = {0};
    while (!is_over) {
        unsigned kind = draw(KINDS);
        kinds[kind].act(kinds[kind].place, kinds[kind].stock[draw(kinds[kind].count)]);
        done[kind]++;
        linger();
    }
    for (unsigned kind = 0; kind < KINDS; kind++) printf("%s %lu\n", kinds[kind].name, done[kind]);
    return 0;
}
