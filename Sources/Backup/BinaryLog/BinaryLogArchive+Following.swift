internal import Foundation
package import MariaDBClient

extension BinaryLogArchive {
  /// The result of one archiving run.
  package struct Outcome: Sendable {
    /// Logs that this run completed.
    package let copied: [String]
    /// Logs that were complete before.
    package let present: Int
    /// Bytes written.
    package let bytes: Int64
    /// How far the archive reaches; nil for a server that has no log yet.
    package let status: LogArchiveStatus?
  }

  /// Archives everything that the server has written.
  ///
  /// - Parameters:
  ///   - options: how to connect.
  ///   - flushes: whether the server starts a new log first.
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

  /// An event that is reported while a server is followed.
  package enum FollowEvent: Sendable {
    /// A pass finished.
    case reached(LogArchiveStatus, copied: [String])
    /// The server cannot be reached; the next pass tries again.
    case away(any Error)
    /// It can be reached again.
    case back
  }

  /// Archives what the server writes until the task is cancelled.
  ///
  /// - Parameters:
  ///   - options: how to connect.
  ///   - interval: the time between two passes.
  ///   - partsPerMerge: parts of about one size that are joined into one.
  ///   - sleep: waits.
  ///   - onEvent: receives each event.
  /// - Throws: `CancellationError` when cancelled; ``BackupError/Code/busy`` when another process
  ///   archives into the same folder; any error that waiting does not fix.
  package func follow(
    _ options: ConnectionOptions, every interval: Duration, partsPerMerge: Int = 32,
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) },
    onEvent: @escaping @Sendable (FollowEvent) async -> Void
  ) async throws {
    guard let lock = try take() else {
      throw BackupError(
        .busy, "another payops archives logs into \(path)",
        hint: "stop it first, or name another folder with --dir")
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

  /// Whether waiting may fix it: the server is down, or its shutdown cut the tool off.
  private static func passes(_ error: any Error, _ failures: Int) -> Bool {
    switch error {
    case let error as DatabaseError:
      [.cannotConnect, .connectionLost, .closed, .interrupted].contains(error.code)
        || shutdown.contains(error.errno)
    case let error as BackupError: error.code == .toolFailed && failures < 20
    default: false
    }
  }

  /// The server is shutting down, has closed the connection, or accepts no further one.
  private static let shutdown: Set<UInt32> = [1040, 1053, 1077, 1079, 1203, 1927]
}
