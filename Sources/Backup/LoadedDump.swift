internal import MariaDBClient

/// What a dump held, once its rows are loaded under other names: what is left to be put in place.
struct LoadedDump: Sendable {
  /// Tables, in the order of the dump.
  private(set) var tables: [TableDefinition] = []
  /// Sequences that were made under other names, as there are such already.
  private(set) var stagedSequences: [String] = []
  /// Routines, triggers, views and events, with the settings of the session around them.
  private(set) var definitions: [DumpStatement] = []
  private let sourceSchema: String
  private let wanted: Set<String>?

  init(sourceSchema: String, wanted: Set<String>?) {
    self.sourceSchema = sourceSchema
    self.wanted = wanted
  }

  private func isWanted(_ table: String) -> Bool { wanted?.contains(table) ?? true }

  /// Acts on a statement, or keeps it for the switch.
  mutating func take(
    _ statement: DumpStatement, target: RestoreTarget, pool: inout LoaderPool
  ) async throws {
    switch statement.kind {
    case .session:
      try await target.connection.execute(bytes: statement.bytes)
      try await pool.broadcast(statement.bytes)
      if statement.text.contains("NO_AUTO_VALUE_ON_ZERO") {
        // The mode under which rows are loaded: dates that were let in once are let in again.
        try await target.connection.execute(RestoreTarget.leniency)
        try await pool.broadcast(Array(RestoreTarget.leniency.utf8))
      }
      definitions.append(statement)
    case .superfluous: break
    case .createTable(let name):
      guard isWanted(name) else { return }
      let definition = TableDefinition(
        target.withoutSourceSchema(statement.text, source: sourceSchema), name: name)
      try await target.connection.execute(
        bytes: definition.create(as: StagingName.new(name)).bytes)
      tables.append(definition)
    case .insert(let name):
      guard isWanted(name) else { return }
      try await pool.load(
        statement, of: name, into: StagingName.new(name),
        columns: tables.last { $0.name == name }?.loadColumns)
    case .createSequence(let name), .setSequence(let name):
      guard wanted == nil else { return }
      try await makeSequence(name, statement, target: target)
    case .trigger(_, let table):
      if isWanted(table) { definitions.append(statement) }
    case .view, .routine, .event, .alterDatabase, .other:
      if wanted == nil { definitions.append(statement) }
    }
  }

  /// Defaults of tables name sequences, so one that is not there yet has its own name at once.
  private mutating func makeSequence(
    _ name: String, _ statement: DumpStatement, target: RestoreTarget
  ) async throws {
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

  /// Statements that add the secondary keys, those of the largest tables first.
  func keyStatements(largestFirst sizes: [String: Int64]) -> [String] {
    tables
      .sorted { (sizes[$0.name] ?? 0) > (sizes[$1.name] ?? 0) }
      .compactMap { $0.addKeys(to: StagingName.new($0.name)) }
  }
}
