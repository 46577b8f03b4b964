package import Foundation

/// A program that tests talk to. It ends with the tests, even when they are killed: its standard
/// input, which it reads to the end, then closes.
package final class GuardedProgram: Sendable {
  /// A missing requirement of a live test.
  package struct Missing: Error, CustomStringConvertible {
    package let description: String

    package init(description: String) {
      self.description = description
    }
  }

  package let process: TestProcess
  package let folder: URL
  private let input: Int32

  /// The top of the checkout.
  package static let top = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The path of a script of these tests.
  package static func script(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Programs/\(name)").path
  }

  /// The Python of the system.
  package static func python() throws -> String {
    try found("/usr/bin/python3", package: "python3")
  }

  /// The path of a required program.
  package static func found(_ path: String, package: String) throws -> String {
    guard access(path, X_OK) == 0 else {
      throw Missing(description: "\(path) is missing: scripts/test-programs installs \(package)")
    }
    return path
  }

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - program: its path.
  ///   - arguments: its arguments.
  ///   - folder: the folder of its output files, `output` and `errors`.
  package init(_ program: String, _ arguments: [String], folder: URL) throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw POSIXError(.EMFILE) }
    defer { close(ends[0]) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    input = ends[1]
    self.folder = folder
    process = try TestProcess(
      program, arguments, input: ends[0], output: folder.appending(path: "output").path,
      errors: folder.appending(path: "errors").path)
  }

  deinit {
    close(input)
    // A process that nobody waits for stays as a zombie.
    let process = process
    Task { await process.end(within: .seconds(20)) }
  }

  /// Waits until the program has produced something.
  package func wait<Value>(for what: String, _ look: () throws -> Value?) async throws -> Value {
    let deadline = ContinuousClock.now + .seconds(50)
    while true {
      if let value = try look() { return value }
      if let status = process.status {
        throw Missing(description: "the program ended (\(status)) before \(what): \(errors)")
      }
      guard ContinuousClock.now < deadline else {
        throw Missing(description: "no \(what) in time: \(errors)")
      }
      try await Task.sleep(for: .milliseconds(10))
    }
  }

  /// The output of the program.
  package var errors: String {
    let text = try? String(contentsOf: folder.appending(path: "errors"), encoding: .utf8)
    return String((text ?? "").suffix(2000))
  }

  /// The ports that the program writes into `ports.json`.
  package func ports() async throws -> [String: Int] {
    try await wait(for: "ports") {
      guard let data = try? Data(contentsOf: folder.appending(path: "ports.json")) else {
        return nil
      }
      return try JSONDecoder().decode([String: Int].self, from: data)
    }
  }

  /// The lines of a file of JSON that the program has finished.
  package func entries<Entry: Decodable>(_ file: String, as type: Entry.Type) throws -> [Entry] {
    let data = (try? Data(contentsOf: folder.appending(path: file))) ?? Data()
    return try data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
      .filter { data.endIndex > $0.endIndex }
      .map { try JSONDecoder().decode(Entry.self, from: $0) }
  }
}
