// swift-tools-version: 6.1
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

/// The fence of the architecture (docs/architecture.md) starts here: a module can import only what it depends on, and
/// `scripts/check-imports` refuses Glibc and CLinux everywhere but in LinuxSystem.
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
    name: "exeunt",
    products: [
        .executable(name: "exeunt", targets: ["exeunt"]),
        .executable(name: "exeuntd", targets: ["exeuntd"]),
        .library(name: "pam_exeunt", type: .dynamic, targets: ["pam_exeunt"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
    ],
    targets: [
        .target(name: "CLinux"),
        .target(name: "LinuxSystem", dependencies: ["CLinux", system]),
        .target(name: "ExeuntCore"),
        .target(name: "ExeuntConfig", dependencies: ["ExeuntCore"]),
        .target(name: "ExeuntEngine", dependencies: ["ExeuntConfig", "ExeuntCore", "LinuxSystem"]),
        .target(name: "ExeuntProtocol", dependencies: ["ExeuntCore"]),
        .target(name: "ExeuntClient", dependencies: ["ExeuntProtocol", "LinuxSystem"]),
        .target(
            name: "ExeuntDaemon",
            dependencies: ["ExeuntConfig", "ExeuntCore", "ExeuntEngine", "ExeuntProtocol", "LinuxSystem"]),
        .executableTarget(name: "exeuntd", dependencies: ["ExeuntDaemon", "LinuxSystem"]),
        .executableTarget(
            name: "exeunt",
            dependencies: [
                "ExeuntClient", "ExeuntConfig", "ExeuntCore", "ExeuntEngine", "ExeuntProtocol", "LinuxSystem",
                arguments,
            ]),
        .systemLibrary(name: "CPAM"),
        // Loaded into every program that somebody logs in by: no run time, and no names but those that PAM looks for.
        .target(
            name: "pam_exeunt", dependencies: ["CPAM"], exclude: ["exports.map"],
            swiftSettings: [.enableExperimentalFeature("Embedded"), .unsafeFlags(["-wmo"])],
            linkerSettings: [
                .linkedLibrary("pam"),
                .unsafeFlags([
                    "-Xlinker", "--version-script=\(Context.packageDirectory)/Sources/pam_exeunt/exports.map",
                    "-Xlinker", "-z",
                    "-Xlinker", "defs",
                ]),
            ]),
        .target(name: "SimulatedHost", dependencies: ["ExeuntCore"]),
        .executableTarget(
            name: "exeunt-develop",
            dependencies: ["ExeuntConfig", "ExeuntCore", "ExeuntProtocol", "LinuxSystem", "SimulatedHost", arguments]),
        .testTarget(name: "LinuxSystemTests", dependencies: ["LinuxSystem"]),
        .testTarget(name: "ExeuntCoreTests", dependencies: ["ExeuntCore"]),
        .testTarget(name: "ExeuntConfigTests", dependencies: ["ExeuntConfig", "ExeuntCore"]),
        .testTarget(
            name: "ExeuntEngineTests", dependencies: ["ExeuntConfig", "ExeuntCore", "ExeuntEngine", "LinuxSystem"]),
        .testTarget(name: "ExeuntProtocolTests", dependencies: ["ExeuntCore", "ExeuntProtocol"]),
        .testTarget(
            name: "ExeuntDaemonTests",
            dependencies: ["ExeuntClient", "ExeuntCore", "ExeuntDaemon", "ExeuntProtocol", "LinuxSystem"]),
        .testTarget(name: "SimulatedHostTests", dependencies: ["SimulatedHost"]),
    ],
    swiftLanguageModes: [.v6]
)
