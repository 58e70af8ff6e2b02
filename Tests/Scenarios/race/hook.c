// SPDX-License-Identifier: Apache-2.0
/// A hook that tells whether it was to be trusted: 42. Compiled with UNTRUSTED it leaves a trace, and tells 66.
///
/// The trace is a file, so that it stays when the harness has not seen how the program ended.
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int main(void) {
#ifdef UNTRUSTED
    char path[64];
    snprintf(path, sizeof path, "/run/race-traces/%d", getpid());
    int trace = open(path, O_CREAT | O_WRONLY, 0600);
    if (trace < 0) return 67;
    return 66;
#else
    return 42;
#endif
}
