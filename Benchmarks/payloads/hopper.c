// SPDX-License-Identifier: Apache-2.0
/// A left-over that is never the same process for long: it forks and leaves, its child does the same, without end.
#include <unistd.h>

int main(void) {
    for (;;) {
        // A refused fork is no reason to stand still and be caught.
        if (fork() > 0) _exit(0);
    }
}
