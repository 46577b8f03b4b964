internal import Foundation
package import MariaDBClient

extension BinaryLogArchive {
  /// What an archiving did.
  package struct Outcome: Sendable {
    /// Logs that are whole now.
    package let copied: [String]
    /// Logs that were whole already.
    package let present: Int
    /// Bytes written.
    package let bytes: Int64
    /// How far the archive has come; nil for a server that has no log yet.
    package let status: LogArchiveStatus?
  }

  /// Archives all that the server has written.
  ///
  /// - Parameters:
  ///   - options: how to connect.
  ///   - flushes: whether the server begins a new log first.
  /// - Returns: nil when another process archives into the same folder, and nothing was done.
  /// - Throws: ``BackupError/Code/noBinaryLog`` when the server writes no binary log.
  package func run(_ options: ConnectionOptions, flushes: Bool) async throws -> Outcome? {
    guard let lock = try take() else { return nil }
    defer { withExtendedLifetime(lock) {} }
    let collector = try await LogCollector(self, options: options)
    do {
      let pass = try await collector.pass(flushes: flushes)
      await collector.close()
      return Outcome(
        copied: pass.copied, present: pass.present, bytes: pass.bytes, status: pass.status)
    } catch {
      await collector.close()
      throw error
    }
  }

  /// Something that whoever follows a server wants to know.
  package enum FollowEvent: Sendable {
    /// A pass came to its end.
    case reached(LogArchiveStatus, copied: [String])
    /// The server cannot be reached; it is tried again.
    case away(any Error)
    /// It can be reached again.
    case back
  }

  /// Archives what the server writes until the task is cancelled.
  ///
  /// - Parameters:
  ///   - options: how to connect.
  ///   - interval: the time between two looks.
  ///   - partsPerMerge: parts of about one size that are joined into one.
  ///   - sleep: waits.
  ///   - onEvent: gets what happens.
  /// - Throws: `CancellationError` in the end; ``BackupError/Code/busy`` when another process
  ///   archives into the same folder; what no waiting repairs.
  package func follow(
    _ options: ConnectionOptions, every interval: Duration, partsPerMerge: Int = 32,
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
    onEvent: @escaping @Sendable (FollowEvent) async -> Void
  ) async throws {
    guard let lock = try take() else {
      throw BackupError(
        .busy, "another payops archives logs into \(path)",
        hint: "end it first, or name another folder with --dir")
    }
    defer { withExtendedLifetime(lock) {} }
    let collector = try await LogCollector(self, options: options, partsPerMerge: partsPerMerge)
    do {
      try await Self.follow(collector, every: interval, sleep: sleep, onEvent: onEvent)
    } catch {
      await collector.close()
      throw error
    }
  }

  private static func follow(
    _ collector: LogCollector, every interval: Duration,
    sleep: @Sendable (Duration) async throws -> Void,
    onEvent: @Sendable (FollowEvent) async -> Void
  ) async throws {
    var hasReached = false
    var failures = 0
    while true {
      do {
        let pass = try await collector.pass()
        if failures > 0 { await onEvent(.back) }
        failures = 0
        hasReached = true
        if let status = pass.status { await onEvent(.reached(status, copied: pass.copied)) }
        try await sleep(interval)
      } catch {
        try Task.checkCancellation()
        guard hasReached, passes(error, failures) else { throw error }
        await collector.close()
        failures += 1
        if failures == 1 { await onEvent(.away(error)) }
        try await sleep(max(interval, .milliseconds(250 * min(failures * failures, 80))))
      }
    }
  }

  /// Whether waiting may repair it: the server is away, or the tool was cut off by its end.
  private static func passes(_ error: any Error, _ failures: Int) -> Bool {
    switch error {
    case let error as DatabaseError:
      [.cannotConnect, .connectionLost, .closed, .interrupted].contains(error.code)
        || shutdown.contains(error.errno)
    case let error as BackupError: error.code == .toolFailed && failures < 20
    default: false
    }
  }

  /// The server is ending, has ended the connection, or has no room for another one.
  private static let shutdown: Set<UInt32> = [1040, 1053, 1077, 1079, 1203, 1927]
}
