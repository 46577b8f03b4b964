internal import Backup
internal import Synchronization

/// Loads the tables of a backup over several connections, and adds their secondary keys.
///
/// Each connection has its own tables and its own reader, which skips the others: a server locks a
/// table with AUTO_INCREMENT for each `LOAD DATA`, so two connections on one table would wait for
/// each other. A connection that has loaded its rows adds keys, also to tables of others.
struct ParallelLoad: Sendable {
  private let manifest: BackupManifest
  private let plan: RestorePlan
  private let open: @Sendable (_ checksHash: Bool) -> DumpSource
  private let loaded: @Sendable (_ bytes: Int) -> Void

  /// Prepares to load.
  ///
  /// - Parameters:
  ///   - manifest: the backup.
  ///   - plan: the target, and the number of connections.
  ///   - open: starts to read the backup.
  ///   - loaded: called with the bytes of each statement of the dump, once.
  init(
    _ manifest: BackupManifest, plan: RestorePlan,
    open: @escaping @Sendable (_ checksHash: Bool) -> DumpSource,
    loaded: @escaping @Sendable (_ bytes: Int) -> Void
  ) {
    self.manifest = manifest
    self.plan = plan
    self.open = open
    self.loaded = loaded
  }

  /// Loads the tables, under other names.
  ///
  /// - Parameter allLoaded: called when only keys are left to add.
  /// - Returns: what must be put in place, and the number of loaded rows by table.
  func run(
    into target: RestoreTarget, allLoaded: @escaping @Sendable () -> Void
  ) async throws -> (dump: LoadedDump, rows: [String: Int64]) {
    let shares = shares()
    var loaders: [TableLoader] = []
    do {
      for _ in shares { loaders.append(try await TableLoader(plan.options, schema: plan.schema)) }
      let dump = try await load(shares, loaders, into: target, allLoaded: allLoaded)
      var rows: [String: Int64] = [:]
      for loader in loaders { rows.merge(await loader.rows, uniquingKeysWith: +) }
      for loader in loaders { await loader.close() }
      return (dump, rows)
    } catch {
      for loader in loaders { await loader.close() }
      throw error
    }
  }

  private func load(
    _ shares: [LoadShare], _ loaders: [TableLoader], into target: RestoreTarget,
    allLoaded: @escaping @Sendable () -> Void
  ) async throws -> LoadedDump {
    let front = Gate()
    let keys = KeyWork(loading: shares.count)
    return try await withThrowingTaskGroup(of: LoadedDump.self) { group in
      for (share, loader) in zip(shares, loaders) {
        group.addTask {
          let dump: LoadedDump
          do {
            dump = try await load(share, with: loader, into: target, front: front)
          } catch {
            await keys.add([])
            throw error
          }
          if await keys.add(dump.keyStatements(largestFirst: manifest.tables)) { allLoaded() }
          try await loader.addKeys(keys)
          return dump
        }
      }
      var whole = LoadedDump(sourceSchema: manifest.schema, wanted: plan.tables)
      for try await part in group { whole.add(part) }
      whole.sort(like: manifest.tables.map(\.name))
      return whole
    }
  }

  /// Gives each connection tables of about the same size.
  private func shares() -> [LoadShare] {
    let count = min(max(1, plan.connections), max(1, manifest.tables.count))
    var sizes = [Int64](repeating: 0, count: count)
    var owners: [String: Int] = [:]
    for table in manifest.tables.sorted(by: { $0.size > $1.size }) {
      guard plan.tables?.contains(table.name) ?? true else { continue }
      let smallest = sizes.indices.min { sizes[$0] < sizes[$1] } ?? 0
      sizes[smallest] += table.size
      owners[table.name] = smallest
    }
    return (0..<count).map { LoadShare(number: $0, owners: owners) }
  }

  private func load(
    _ share: LoadShare, with loader: TableLoader, into target: RestoreTarget, front: Gate
  ) async throws -> LoadedDump {
    // Defaults of tables name sequences, which the first one makes before its first table.
    defer { if share.isFirst { front.open() } }
    if !share.isFirst { await front.pass() }
    var dump = LoadedDump(sourceSchema: manifest.schema, wanted: plan.tables, share: share)
    let source = open(share.isFirst)
    defer { source.cancel() }
    for try await statement in source.statements {
      try Task.checkCancellation()
      if share.isFirst, case .createTable = statement.kind { front.open() }
      let isTaken = try await dump.take(statement, target: target, loader: loader)
      source.took(statement)
      if isTaken { loaded(statement.bytes.count) }
      if share.isFirst { FaultPoint.reach("restore.loading") }
    }
    try await loader.drain()
    try await dump.end(target: target)
    return dump
  }
}

/// Makes tasks wait until it is opened.
private final class Gate: Sendable {
  private let waiting = Mutex<[CheckedContinuation<Void, Never>]?>([])

  func open() {
    let tasks = waiting.withLock { waiting in
      defer { waiting = nil }
      return waiting ?? []
    }
    for task in tasks { task.resume() }
  }

  func pass() async {
    await withCheckedContinuation { task in
      let isOpen = waiting.withLock { waiting in
        waiting?.append(task)
        return waiting == nil
      }
      if isOpen { task.resume() }
    }
  }
}
