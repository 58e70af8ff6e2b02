// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import ExeuntConfig
import ExeuntEngine
import LinuxSystem

extension Run {
    /// A run that is ready to begin, and who is told of it.
    struct Preparation {
        let request: RunRequest
        let audience: RunAudience
    }

    /// Asks the host and its configuration for what the command line leaves to them.
    func prepare() throws -> Preparation {
        let defaults = try RunDefaults.load()
        var request = try makeRequest(defaults)
        let log: RunLog?
        if let path = hookOptions.glexec {
            let mode = try GlexecMode(path)
            try applyIdentity(to: &request)
            try mode.apply(to: &request)
            if request.hooks != nil { request.hooks?.capturesOutput = hookOptions.captureOutput }
            log = RunLog(mode, request)
            for warning in mode.warnings { log?.warned(warning) }
        } else {
            try applyIdentity(to: &request)
            request.hooks = try hookOptions.setup(defaults.hooks)
            log = request.hooks != nil && CurrentProcess.effectiveUID == 0 ? RunLog(.daemon, request) : nil
        }
        request.conditions.assignments = try identity.assignments()
        let destination = try report.map { path throws(SystemError) in try RecordFile(path) }
        let output = RunAudience.Output(
            isJSON: json, isQuiet: quiet, isVerbose: verbose,
            isForOthers: request.caller != 0 && CurrentProcess.effectiveUID == 0,
            patience: request.identity == nil ? nil : .seconds(10))
        return Preparation(request: request, audience: RunAudience(output, destination, log))
    }

    private func applyIdentity(to request: inout RunRequest) throws {
        do throws(IdentityError) {
            request.identity = try identity.identity()
        } catch {
            if hookOptions.glexec != nil { throw GlexecError(error) }
            throw error
        }
        // Of a caller with root's rights and another real user id: whoever that is must not end what ends the payload.
        if request.identity != nil { try CurrentProcess.takeEffectiveUID() }
    }
}
