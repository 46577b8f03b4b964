internal import Backup
internal import MariaDBClient

/// How far the definitions of a backup are trusted.
package enum BackupTrust: Sendable, Equatable {
  /// They must stay within their schema.
  case none
  /// They may name other schemas: the operator vouches for the origin of the backup.
  case source
}

/// Accepts only statements that mariadb-dump writes for one schema.
///
/// A backup may be forged, and a restore often runs with an administrator's account, so each
/// statement is checked before the first one runs, as the server will read it: its kind, each
/// variable that it sets, each value of a row. Unless the source is trusted, definitions must
/// also stay within their schema; see ``SchemaReach``.
struct DumpGuard: Sendable {
  private let schema: String
  private let trust: BackupTrust
  private let packages: Set<String>
  private let relations: Set<String>
  private var mode = SQLSyntax()
  /// The current value of `sql_mode`, and of the variables that save one; nil while unknown.
  private var sqlMode: String? = ""
  private var characterSet = "utf8mb4"
  private var kept: [String: String] = [:]

  /// Prepares to check a dump from its first statement on.
  ///
  /// - Parameters:
  ///   - manifest: the backup.
  ///   - trust: how far it is trusted.
  init(_ manifest: BackupManifest, trust: BackupTrust) {
    self.init(
      schema: manifest.schema, trust: trust,
      packages: manifest.objects.filter { $0.kind.hasPrefix("package") }.map(\.name),
      relations: manifest.objects.filter { ["table", "view", "sequence"].contains($0.kind) }
        .map(\.name))
    mode.isMySQL = manifest.isOfMySQL
  }

  init(schema: String, trust: BackupTrust, packages: [String] = [], relations: [String] = []) {
    self.schema = schema
    self.trust = trust
    self.packages = Set(packages.map { $0.lowercased() })
    self.relations = Set(relations.map { $0.lowercased() })
  }

  /// Checks the next statement.
  ///
  /// - Parameters:
  ///   - statement: the statement.
  ///   - readsRows: whether the values of rows are checked, too.
  /// - Throws: ``BackupError/Code/refusedContent``.
  mutating func check(_ statement: DumpStatement, readsRows: Bool = true) throws(BackupError) {
    if case .insert(let table) = statement.kind {
      guard readsRows else { return }
      guard InsertText.isPlain(statement.bytes, hasEscapes: mode.hasBackslashEscapes) else {
        throw refusal("an INSERT into table \(table) holds more than values")
      }
      return
    }
    let tokens: [SQLToken]
    do {
      tokens = try SQLToken.tokens(of: statement.bytes, syntax: mode)
    } catch {
      throw refusal("a statement cannot be read with certainty: \(error.reason)")
    }
    try check(tokens, of: statement.kind)
  }

  private mutating func check(_ tokens: [SQLToken], of kind: DumpStatement.Kind) throws(BackupError)
  {
    var cursor = TokenCursor(tokens)
    if tokens.isEmpty {
      // Only a comment.
      guard kind == .other else { throw unknown(tokens) }
      return
    }
    switch kind {
    case .session:
      guard cursor.take("SET"), set(&cursor) else { throw unknown(tokens) }
    case .superfluous:
      guard Self.isSuperfluous(&cursor) else { throw unknown(tokens) }
    case .createTable(let name):
      guard Self.isTable(&cursor, name) else { throw unknown(tokens) }
      try checkTable(tokens, name)
      try checkReach(tokens, "table \(name)")
    case .createSequence(let name):
      guard cursor.take("CREATE", "SEQUENCE"), cursor.takeName(name),
        cursor.rest.allSatisfy(Self.isPlainWord)
      else { throw unknown(tokens) }
    case .setSequence(let name):
      guard cursor.take("DO", "SETVAL"), cursor.take(mark: "("), cursor.takeName(name),
        cursor.rest.allSatisfy(Self.isPlainNumber), cursor.rest.last == .mark(")")
      else { throw unknown(tokens) }
    case .alterDatabase:
      guard cursor.take("ALTER", "DATABASE"), let name = cursor.takeIdentifier(),
        cursor.rest.allSatisfy(Self.isPlainWord)
      else { throw unknown(tokens) }
      guard name == schema else {
        throw refusal("a statement alters another schema, \(name)")
      }
    case .view(let name):
      guard Self.isDefinition(&cursor), cursor.take("VIEW"), cursor.takeName(name) else {
        throw unknown(tokens)
      }
      try checkReach(tokens, "view \(name)")
    case .trigger(let name, _):
      guard Self.isDefinition(&cursor), cursor.take("TRIGGER") else { throw unknown(tokens) }
      try checkReach(tokens, "trigger \(name)")
    case .routine(let kind, let name):
      guard Self.isDefinition(&cursor) else { throw unknown(tokens) }
      _ = cursor.take("AGGREGATE")
      for word in kind.uppercased().split(separator: " ") {
        guard cursor.take(String(word)) else { throw unknown(tokens) }
      }
      // `RETURNS INTEGER SONAME 'library'` loads a library; a body may contain the word.
      guard !Self.loadsLibrary(tokens) else { throw unknown(tokens) }
      try checkReach(tokens, "\(kind) \(name)")
    case .event(let name):
      guard Self.isDefinition(&cursor), cursor.take("EVENT") else { throw unknown(tokens) }
      try checkReach(tokens, "event \(name)")
    case .insert, .other: throw unknown(tokens)
    }
  }

  private func checkReach(_ tokens: [SQLToken], _ object: String) throws(BackupError) {
    guard trust == .none else { return }
    var reach = SchemaReach(schema: schema, packages: packages, relations: relations)
    guard let problem = reach.problem(in: tokens) else { return }
    throw BackupError(
      .untrustedContent, "\(object) of the backup \(problem)",
      hint: "nothing was changed; if you know who made the backup, add --trusted")
  }

  // MARK: - Refusals

  private func refusal(_ what: String) -> BackupError {
    BackupError(
      .refusedContent, "the backup holds what a dump of a schema never contains: \(what)",
      hint: "nothing was run; find out who wrote it, and restore another backup")
  }

  /// Names the kind of a statement, never its values.
  private func unknown(_ tokens: [SQLToken]) -> BackupError {
    let words = tokens.prefix(12).prefix { $0.keyword != nil }.compactMap(\.keyword)
    return refusal(
      "a statement \(words.isEmpty ? "of unknown kind" : words.prefix(4).joined(separator: " "))")
  }

  // MARK: - Settings of the session

  /// Variables that the dump tool sets.
  private static let settings: Set<String> = [
    "character_set_client", "character_set_results", "collation_connection", "time_zone",
    "unique_checks", "foreign_key_checks", "sql_mode", "sql_notes", "note_verbosity",
    "system_versioning_insert_history",
  ]
  /// Character sets in which a quote or a backslash can be a part of another character.
  private static let ambiguous: Set<String> = ["sjis", "cp932", "gbk", "big5", "eucjpms"]

  /// Tracks the assignments after SET; false for one that the dump tool does not write.
  private mutating func set(_ cursor: inout TokenCursor) -> Bool {
    if cursor.take("NAMES") {
      guard let name = cursor.takeWord(), setCharacterSet(name) else { return false }
      return cursor.isAtEnd
    }
    repeat {
      guard setOne(&cursor) else { return false }
    } while cursor.take(mark: ",")
    return cursor.isAtEnd
  }

  private mutating func setOne(_ cursor: inout TokenCursor) -> Bool {
    guard let target = cursor.next() else { return false }
    guard cursor.take(mark: "="), let value = cursor.next() else { return false }
    switch target {
    case .variable(let name):
      guard case .setting(let setting) = value, let known = Self.setting(setting) else {
        return false
      }
      switch known {
      case "sql_mode": kept[name.lowercased()] = sqlMode
      case "character_set_client": kept[name.lowercased()] = characterSet
      default: break
      }
      return true
    case .word(let name): return assign(name.lowercased(), value)
    case .setting(let name):
      guard let known = Self.setting(name) else { return false }
      return assign(known, value)
    default: return false
    }
  }

  /// The bare name of a session variable that a dump may use.
  private static func setting(_ name: String) -> String? {
    var bare = name.dropFirst(2)
    if bare.hasPrefix("session.") { bare = bare.dropFirst(8) }
    return settings.contains(String(bare)) ? String(bare) : nil
  }

  private mutating func assign(_ name: String, _ value: SQLToken) -> Bool {
    guard Self.settings.contains(name) else { return false }
    switch (name, value) {
    case ("sql_mode", .text(let text)): set(sqlMode: text)
    case ("sql_mode", .variable(let variable)):
      guard let text = kept[variable.lowercased()] else { return false }
      set(sqlMode: text)
    case ("character_set_client", .word(let word)): return setCharacterSet(word)
    case ("character_set_client", .variable(let variable)):
      guard let text = kept[variable.lowercased()] else { return false }
      return setCharacterSet(text)
    case ("sql_mode", _), ("character_set_client", _): return false
    case (_, .text), (_, .number), (_, .word), (_, .variable): break
    default: return false
    }
    return true
  }

  private mutating func set(sqlMode text: String) {
    sqlMode = text
    mode.set(sqlMode: text)
  }

  private mutating func setCharacterSet(_ name: String) -> Bool {
    let name = name.lowercased()
    guard !Self.ambiguous.contains(name) else { return false }
    characterSet = name
    mode.isUnicode = name.hasPrefix("utf8")
    return true
  }

  // MARK: - Kinds of statements

  /// Statements that a restore never runs; they must be harmless when the dump is run by hand.
  private static func isSuperfluous(_ cursor: inout TokenCursor) -> Bool {
    if cursor.take("DROP") {
      let kinds = [
        "TABLE", "VIEW", "SEQUENCE", "FUNCTION", "PROCEDURE", "EVENT", "TRIGGER", "PACKAGE",
      ]
      guard let kind = cursor.takeWord()?.uppercased(), kinds.contains(kind) else { return false }
      _ = kind == "PACKAGE" && cursor.take("BODY")
      return cursor.take("IF", "EXISTS") && cursor.takeIdentifier() != nil && cursor.isAtEnd
    }
    if cursor.take("LOCK", "TABLES") {
      return cursor.takeIdentifier() != nil && cursor.take("WRITE") && cursor.isAtEnd
    }
    if cursor.take("UNLOCK", "TABLES") { return cursor.isAtEnd }
    if cursor.take("ALTER", "TABLE") {
      guard cursor.takeIdentifier() != nil else { return false }
      return (cursor.take("DISABLE", "KEYS") || cursor.take("ENABLE", "KEYS")) && cursor.isAtEnd
    }
    // The placeholder of a view until the tables exist: `SELECT NULL AS a, NULL AS b`.
    guard cursor.take("CREATE", "VIEW"), cursor.takeIdentifier() != nil, cursor.take("AS", "SELECT")
    else { return false }
    repeat {
      guard cursor.take("NULL") || cursor.takeNumber(), cursor.take("AS"),
        cursor.takeIdentifier() != nil
      else { return false }
    } while cursor.take(mark: ",")
    return cursor.isAtEnd
  }

  /// `CREATE` with the clauses that may precede the kind of an object.
  private static func isDefinition(_ cursor: inout TokenCursor) -> Bool {
    guard cursor.take("CREATE") else { return false }
    _ = cursor.take("OR", "REPLACE")
    if cursor.take("ALGORITHM") {
      guard cursor.take(mark: "="), cursor.takeWord() != nil else { return false }
    }
    if cursor.take("DEFINER") {
      guard cursor.take(mark: "="), cursor.takeAccount() else { return false }
    }
    if cursor.take("SQL", "SECURITY") {
      guard cursor.take("DEFINER") || cursor.take("INVOKER") else { return false }
    }
    return true
  }

  private static func loadsLibrary(_ tokens: [SQLToken]) -> Bool {
    tokens.indices.contains { position in
      position + 2 < tokens.count && tokens[position].keyword == "RETURNS"
        && tokens[position + 2].keyword == "SONAME"
    }
  }

  private static func isTable(_ cursor: inout TokenCursor, _ name: String) -> Bool {
    guard cursor.take("CREATE", "TABLE"), cursor.takeName(name), cursor.take(mark: "(") else {
      return false
    }
    switch cursor.next() {
    case .name: return true
    case .word(let word):
      return ["PRIMARY", "UNIQUE", "KEY", "CONSTRAINT", "CHECK", "PERIOD"].contains(
        word.uppercased())
    default: return false
    }
  }

  /// Engines that keep rows on the server itself.
  private static let engines: Set<String> = [
    "INNODB", "MYISAM", "ARIA", "MEMORY", "ARCHIVE", "CSV", "BLACKHOLE", "ROCKSDB", "COLUMNSTORE",
    "MROONGA", "TOKUDB", "S3",
  ]

  /// Refuses files outside the server's own folders, rows of other servers and of other tables.
  private func checkTable(_ tokens: [SQLToken], _ name: String) throws(BackupError) {
    let words = Set(tokens.compactMap(\.keyword))
    for word in ["SELECT", "UNION", "CONNECTION", "DIRECTORY", "LOAD_FILE"]
    where words.contains(word) {
      throw refusal("table \(name) is defined with \(word)")
    }
    for (offset, token) in tokens.enumerated() where token.keyword == "ENGINE" {
      guard offset + 2 < tokens.count, tokens[offset + 1] == .mark("=") else { continue }
      let engine = tokens[offset + 2].identifier ?? ""
      guard Self.engines.contains(engine.uppercased()) else {
        throw refusal("table \(name) has the engine \(engine)")
      }
    }
  }

  private static func isPlainWord(_ token: SQLToken) -> Bool {
    switch token {
    case .word, .number, .text, .mark("-"), .mark("="): true
    default: false
    }
  }

  private static func isPlainNumber(_ token: SQLToken) -> Bool {
    switch token {
    case .number, .mark(","), .mark("-"), .mark(")"): true
    default: false
    }
  }
}
