package import MariaDBClient
internal import PayopsCore

/// Follows the binary logs of a server, says what happens, and has the progress recorded.
package actor LogFollower {
  /// Each record is an event of the log that is followed, so it is not made at every look.
  private static let secondsBetweenRecords: Int64 = 60

  private let archive: BinaryLogArchive
  private let note: @Sendable (String) -> Void
  private let record: @Sendable () async -> Void
  private var last: LogArchiveStatus?
  private var recordedAt: Int64?

  /// Prepares to follow.
  ///
  /// - Parameters:
  ///   - archive: where the logs go
  ///   - note: gets what happens, a line each
  ///   - record: writes how far the archive has come into the database
  package init(
    _ archive: BinaryLogArchive, note: @escaping @Sendable (String) -> Void,
    record: @escaping @Sendable () async -> Void
  ) {
    self.archive = archive
    self.note = note
    self.record = record
  }

  /// Follows until the task is cancelled, which is how it ends well.
  ///
  /// - Parameters:
  ///   - options: how to connect
  ///   - interval: the time between two looks
  /// - Returns: how far the archive has come
  /// - Throws: whatever ends it otherwise, also a cancellation before the first look was done
  package func run(
    _ options: ConnectionOptions, every interval: Duration
  ) async throws -> LogArchiveStatus? {
    do {
      try await archive.follow(options, every: interval) { await self.handle($0) }
    } catch let error where Task.isCancelled {
      guard let last else { throw error }
      return last
    }
    return nil
  }

  private func handle(_ event: BinaryLogArchive.FollowEvent) async {
    switch event {
    case .away(let error):
      note("note: the server is away and is tried again: \(Fault(error).message)")
    case .back: note("note: the server is back")
    case .reached(let status, let copied):
      for log in copied { note("\(log) is archived") }
      if last == nil { note("following; \(status.text)") }
      last = status
      if status.reachedEpoch - (recordedAt ?? 0) >= Self.secondsBetweenRecords {
        recordedAt = status.reachedEpoch
        await record()
      }
    }
  }
}
