// SPDX-License-Identifier: Apache-2.0
import LinuxSystem

extension Daemon {
    /// Numbers have changed: they are written soon, and once for all that changes meanwhile.
    func count(_ change: (inout Metrics) -> Void) {
        change(&metrics)
        guard settings.daemon.writesMetrics, metricsTimer == nil else { return }
        noting(nil) {
            metricsTimer = try loop.schedule(at: MonotonicInstant.now() + .seconds(1)) { [self] in
                metricsTimer = nil
                writeMetrics()
            }
        }
    }

    /// Puts the file in place, or takes it away where nobody wants it.
    func writeMetrics() {
        noting(nil) {
            if settings.daemon.writesMetrics {
                try state.replace("metrics.prom", with: metrics.text(registry), mode: 0o644)
            } else {
                try state.remove("metrics.prom")
            }
        }
    }
}
