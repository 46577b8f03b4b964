import Foundation
import TestSupport
import Testing

/// One run of the built `payops` binary: argument array, bounded time, both outputs kept.
struct ProgramRun: Sendable {
  /// The exit status; 128 + signal when a signal ended the process.
  let status: Int32
  /// What was written to standard output.
  let output: String
  /// What was written to standard error.
  let errors: String

  /// The binary, which the build places beside the test bundle.
  static var binary: URL {
    get throws {
      let bundle = URL(
        filePath: try FileManager.default.destinationOfSymbolicLink(
          atPath: "/proc/self/exe"))
      let binary = bundle.deletingLastPathComponent().appending(path: "payops")
      try #require(
        FileManager.default.isExecutableFile(atPath: binary.path), "no payops beside the tests")
      return binary
    }
  }

  /// Runs the program.
  ///
  /// - Parameters:
  ///   - arguments: the arguments
  ///   - environment: variables added to a minimal environment (PATH and an empty HOME)
  ///   - directory: the working directory; a fresh empty one when nil
  ///   - deadline: the program is killed after this time
  /// - Returns: status and outputs
  static func payops(
    _ arguments: [String], environment: [String: String] = [:], directory: URL? = nil,
    deadline: Duration = .seconds(60)
  ) async throws -> ProgramRun {
    try await run(
      binary, arguments, environment: environment, directory: directory, deadline: deadline)
  }

  /// Runs any program in the same way.
  static func run(
    _ program: URL, _ arguments: [String], environment: [String: String] = [:],
    directory: URL? = nil, deadline: Duration = .seconds(60),
    whileRunning: (@Sendable (_ pid: Int32) async -> Void)? = nil
  ) async throws -> ProgramRun {
    let scratch = FileManager.default.temporaryDirectory
      .appending(path: "payops-cli-\(UUID().uuidString)")
    let home = directory ?? scratch.appending(path: "home")
    try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: scratch) }
    // Files instead of pipes: nothing blocks, however much is written.
    let outputFile = scratch.appending(path: "out")
    let errorFile = scratch.appending(path: "err")
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let process = try TestProcess(
      program.path, arguments,
      environment: ["PATH": path, "HOME": home.path].merging(environment) { $1 },
      directory: home.path, output: outputFile.path, errors: errorFile.path)
    let watching = whileRunning.map { body in Task { await body(process.pid) } }
    let status = await process.end(within: deadline)
    watching?.cancel()
    return ProgramRun(
      status: status,
      output: try String(contentsOf: outputFile, encoding: .utf8),
      errors: try String(contentsOf: errorFile, encoding: .utf8))
  }
}
