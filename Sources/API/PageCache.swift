internal import HTTP
internal import PayopsCore
internal import Synchronization

/// Answers that were made for a revision and a minute of the clock.
final class PageCache: Sendable {
  /// What an answer depends on.
  struct Key: Hashable, Sendable {
    let scope: Scope
    let target: String
  }

  /// An answer.
  struct Entry: Sendable {
    let revision: String
    let minute: String
    let etag: String
    /// The answer as it is, as gzip, and to who has it already.
    let plain: KeptResponse
    let packed: KeptResponse
    let unchanged: KeptResponse
  }

  private static let most = 256
  private let entries = ReadMostly<[Key: Entry]>([:])
  /// Answers that are being made: however many ask, each is made once.
  private let making = Mutex<[Key: Task<Entry, any Error>]>([:])

  /// The answer for a key while nothing has changed.
  func entry(_ key: Key, revision: String, minute: String) -> Entry? {
    entries.read { $0[key] }.flatMap {
      $0.revision == revision && $0.minute == minute ? $0 : nil
    }
  }

  /// The answer for a key, made when it is not kept.
  func entry(
    _ key: Key, revision: String, minute: String,
    make: @escaping @Sendable () async throws -> Entry
  ) async throws -> Entry {
    if let entry = entry(key, revision: revision, minute: minute) { return entry }
    let task = making.withLock { making in
      if let task = making[key] { return task }
      let task = Task { try await make() }
      making[key] = task
      return task
    }
    let result = await task.result
    if case .success(let entry) = result { keep(entry, for: key) }
    making.withLock { $0[key] = nil }
    return try result.get()
  }

  /// Keeps an answer.
  private func keep(_ entry: Entry, for key: Key) {
    entries.change { entries in
      if entries.count >= Self.most, entries[key] == nil { entries = [:] }
      entries[key] = entry
    }
  }
}
