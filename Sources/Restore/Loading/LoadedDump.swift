internal import Backup
internal import MariaDBClient
internal import PayopsCore

/// The part of a dump that one connection loads: some of the tables; the first one also makes the
/// sequences, and keeps the definitions.
struct LoadShare: Sendable {
  private let number: Int
  private let owners: [String: Int]

  /// - Parameters:
  ///   - number: which share, from 0.
  ///   - owners: the share of each table; tables not listed belong to the first share.
  init(number: Int = 0, owners: [String: Int] = [:]) {
    self.number = number
    self.owners = owners
  }

  var isFirst: Bool { number == 0 }

  func has(_ table: String) -> Bool { owners[table, default: 0] == number }
}

/// The rest of a dump once its rows are loaded under other names: what must be put in place.
struct LoadedDump: Sendable {
  /// Tables, in the order of the dump.
  private(set) var tables: [TableDefinition] = []
  /// Sequences that were made under other names, as theirs exist already.
  private(set) var stagedSequences: [String] = []
  /// Routines, triggers, views and events, with the settings of the session around them.
  private(set) var definitions: [DumpStatement] = []
  /// Settings for the connection that makes sequences, applied before it makes one.
  private var settings = SettingQueue()
  private let sourceSchema: String
  private let wanted: Set<String>?
  private let share: LoadShare

  init(sourceSchema: String, wanted: Set<String>?, share: LoadShare = LoadShare()) {
    self.sourceSchema = sourceSchema
    self.wanted = wanted
    self.share = share
  }

  private func isWanted(_ table: String) -> Bool { wanted?.contains(table) ?? true }

  /// Runs a statement, or keeps it for the exchange.
  ///
  /// - Returns: whether the statement belongs to this share.
  mutating func take(
    _ statement: DumpStatement, target: RestoreTarget, loader: TableLoader
  ) async throws -> Bool {
    switch statement.kind {
    case .session:
      await set(statement, loader: loader, on: target.connection.serverVersion)
    case .createTable(let name):
      guard share.has(name) else { return false }
      guard isWanted(name) else { break }
      let definition = TableDefinition(
        target.withoutSourceSchema(statement.text, source: sourceSchema), name: name)
      try await loader.run(definition.create(as: StagingName.new(name)).bytes)
      tables.append(definition)
    case .insert(let name):
      guard share.has(name) else { return false }
      guard isWanted(name) else { break }
      try await loader.load(
        statement, of: name, into: StagingName.new(name),
        columns: tables.last { $0.name == name }?.loadColumns)
    default:
      guard share.isFirst else { return false }
      try await define(statement, target: target)
    }
    return true
  }

  /// Sets variables on every connection that runs statements of the dump.
  private mutating func set(
    _ statement: DumpStatement, loader: TableLoader, on version: ServerVersion
  ) async {
    var statements = [statement.bytes]
    // The mode for loading rows: dates that were accepted once are accepted again.
    if statement.text.holds("NO_AUTO_VALUE_ON_ZERO") {
      statements.append(Array(RestoreTarget.leniency(on: version).utf8))
    }
    for bytes in statements { await loader.set(bytes) }
    guard share.isFirst else { return }
    for bytes in statements { settings.add(bytes) }
    definitions.append(statement)
  }

  /// Restores the session settings as the dump does at its end.
  mutating func end(target: RestoreTarget) async throws {
    try await settings.send(on: target.connection)
  }

  private mutating func define(
    _ statement: DumpStatement, target: RestoreTarget
  ) async throws {
    switch statement.kind {
    case .session, .superfluous, .createTable, .insert: break
    case .createSequence(let name), .setSequence(let name):
      guard wanted == nil else { return }
      try await makeSequence(name, statement, target: target)
    case .trigger, .view, .routine, .event, .alterDatabase, .other: keepDefinition(statement)
    }
  }

  /// Defaults of tables name sequences, so a new sequence gets its own name at once.
  private mutating func makeSequence(
    _ name: String, _ statement: DumpStatement, target: RestoreTarget
  ) async throws {
    try await settings.send(on: target.connection)
    let isNew: Bool
    if case .createSequence = statement.kind { isNew = true } else { isNew = false }
    guard target.hadRelation(name) else {
      if isNew { try await RestoreMarker.note(sequence: name, on: target.connection) }
      try await target.connection.execute(bytes: statement.bytes)
      return
    }
    if isNew { stagedSequences.append(name) }
    let text = statement.text.replacing(
      ObjectInventory.quoted(name).asBytes,
      with: ObjectInventory.quoted(StagingName.new(name)).asBytes, maxReplacements: 1)
    try await target.connection.execute(bytes: text.bytes)
  }

  /// Keeps a definition, for when the tables are loaded and in place.
  mutating func keep(_ statement: DumpStatement, target: RestoreTarget) {
    switch statement.kind {
    case .session: definitions.append(statement)
    case .createTable(let name):
      guard isWanted(name) else { return }
      tables.append(
        TableDefinition(
          target.withoutSourceSchema(statement.text, source: sourceSchema), name: name))
    case .superfluous, .insert, .createSequence, .setSequence: break
    case .trigger, .view, .routine, .event, .alterDatabase, .other: keepDefinition(statement)
    }
  }

  private mutating func keepDefinition(_ statement: DumpStatement) {
    if case .trigger(_, let table) = statement.kind {
      if isWanted(table) { definitions.append(statement) }
    } else if wanted == nil {
      definitions.append(statement)
    }
  }

  /// Adds the contents of another share.
  mutating func add(_ other: LoadedDump) {
    tables += other.tables
    stagedSequences += other.stagedSequences
    definitions += other.definitions
  }

  /// Sorts the tables by an order of names.
  mutating func sort(like names: [String]) {
    let places = Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
    tables.sort { places[$0.name, default: .max] < places[$1.name, default: .max] }
  }

  /// Statements that add the secondary keys, those of the largest tables first.
  func keyStatements(largestFirst facts: [BackupManifest.TableFacts]) -> [String] {
    let sizes = Dictionary(
      facts.map { ($0.name, $0.size) }, uniquingKeysWith: { first, _ in first })
    return
      tables
      .sorted { sizes[$0.name, default: 0] > sizes[$1.name, default: 0] }
      .compactMap { $0.addKeys(to: StagingName.new($0.name)) }
  }
}
