internal import Backup
internal import MariaDBClient

/// Finds references of a definition beyond its own schema: names of other schemas, and statements
/// that administer the server.
///
/// A qualified name is `schema.table`, `schema.routine()`, `schema.table.column`, or a column of a
/// table or alias. Its position decides which; a name that the definition mentions nowhere else can
/// only be a schema. Statements that a routine builds at run time cannot be known: the strings of a
/// routine that runs such statements are joined and checked, which proves nothing.
struct SchemaReach {
  private let schema: String
  private let packages: Set<String>
  private let relations: Set<String>
  private var tokens: [SQLToken] = []

  /// - Parameters:
  ///   - schema: the schema of the definition, which it may name.
  ///   - packages: names of its packages, in lower case.
  ///   - relations: names of its tables, views and sequences, in lower case.
  init(schema: String, packages: Set<String>, relations: Set<String>) {
    self.schema = schema.lowercased()
    self.packages = packages
    self.relations = relations
  }

  /// A reference of the definition beyond its schema, as a predicate; nil without one.
  mutating func problem(in tokens: [SQLToken]) -> String? {
    self.tokens = tokens
    if let other = otherSchema() { return "names another schema, \(other)" }
    if let words = administration(tokens.map { $0.keyword ?? "" }) {
      return "administers the server: \(words)"
    }
    return hiddenStatement()
  }

  // MARK: - Names of schemas

  /// Schemas that describe the server and whose rows depend on the account.
  private static let harmless: Set<String> = ["information_schema"]
  /// What `has_open_transaction` of payops reads on MySQL: states of transactions, no contents.
  private static let harmlessTable = ["performance_schema", "events_transactions_current"]
  private static let server: Set<String> = ["mysql", "performance_schema", "sys"]

  private func otherSchema() -> String? {
    let alone = namesWithoutPoint().union(relations).union(["new", "old"])
    var places = TablePlaces()
    var position = 0
    while position < tokens.count {
      let isTable = places.isTable(at: position, in: tokens)
      guard let first = tokens[position].identifier, let chain = chain(at: position) else {
        position += 1
        continue
      }
      defer { position += chain.count * 2 - 1 }
      guard chain.count > 1, !isHead(position) else { continue }
      let name = first.lowercased()
      guard name != schema, !Self.harmless.contains(name),
        chain.map({ $0.lowercased() }) != Self.harmlessTable
      else { continue }
      let end = position + chain.count * 2 - 1
      let isCall = end < tokens.count && tokens[end] == .mark("(")
      if isCall, packages.contains(name) { continue }
      let isSchema =
        chain.count > 2 || isTable || isCall || Self.server.contains(name) || !alone.contains(name)
      if isSchema { return first }
    }
    return nil
  }

  /// The restore removes the schema of table names in the head of a trigger.
  private func isHead(_ position: Int) -> Bool {
    guard position > 1, tokens[position - 1].keyword == "ON" else { return false }
    return ["INSERT", "UPDATE", "DELETE"].contains(tokens[position - 2].keyword ?? "")
  }

  /// A name and its parts after points; nil inside a qualified name.
  private func chain(at start: Int) -> [String]? {
    guard start == 0 || tokens[start - 1] != .mark(".") else { return nil }
    var parts: [String] = []
    var position = start
    while position < tokens.count {
      if let name = tokens[position].identifier {
        parts.append(name)
      } else if case .number(let number) = tokens[position], !parts.isEmpty {
        parts.append(number)
      } else if tokens[position] == .mark("*"), !parts.isEmpty {
        parts.append("*")
        break
      } else {
        break
      }
      guard position + 1 < tokens.count, tokens[position + 1] == .mark(".") else { break }
      position += 2
    }
    return parts.isEmpty ? nil : parts
  }

  /// Every name that occurs somewhere without a point before or after it.
  private func namesWithoutPoint() -> Set<String> {
    var names: Set<String> = []
    for (position, token) in tokens.enumerated() {
      guard let name = token.identifier else { continue }
      let hasAfter = position + 1 < tokens.count && tokens[position + 1] == .mark(".")
      // `schema.table` without an alias makes the table's name a qualifier.
      if !hasAfter { names.insert(name.lowercased()) }
    }
    return names
  }

  // MARK: - Statements

  /// Pairs of words that no definition of a schema needs; an empty second list matches any word.
  private static let administrative: [(String, Set<String>)] = [
    ("GRANT", []), ("REVOKE", []), ("INSTALL", ["PLUGIN", "SONAME", "COMPONENT"]),
    ("UNINSTALL", ["PLUGIN", "SONAME", "COMPONENT"]), ("LOAD", ["DATA", "XML"]),
    ("INTO", ["OUTFILE", "DUMPFILE"]),
    ("KILL", []), ("CHANGE", ["MASTER", "REPLICATION"]),
    ("RESET", ["MASTER", "SLAVE", "REPLICA", "QUERY", "PERSIST", "BINARY"]),
    ("PURGE", ["BINARY", "MASTER"]), ("STOP", ["SLAVE", "REPLICA", "ALL", "GROUP_REPLICATION"]),
    ("START", ["SLAVE", "REPLICA", "ALL", "GROUP_REPLICATION"]),
    ("CLONE", ["LOCAL", "INSTANCE"]), ("SET", ["PERSIST", "PERSIST_ONLY"]),
    (
      "FLUSH",
      [
        "PRIVILEGES", "TABLES", "TABLE", "LOGS", "BINARY", "HOSTS", "STATUS", "USER_RESOURCES",
        "DES_KEY_FILE", "LOCAL",
        "NO_WRITE_TO_BINLOG", "QUERY", "SSL",
      ]
    ),
    ("DEFAULT", ["ROLE"]), ("SONAME", []),
    ("CREATE", ["USER", "ROLE", "SERVER", "DATABASE", "SCHEMA"]),
    ("ALTER", ["USER", "ROLE", "SERVER", "DATABASE", "SCHEMA", "INSTANCE"]),
    ("DROP", ["USER", "ROLE", "SERVER", "DATABASE", "SCHEMA"]),
    ("RENAME", ["USER"]), ("LOAD_FILE", []), ("SYS_EXEC", []), ("SYS_EVAL", []),
  ]

  /// The words of a statement that administers the server; nil when no statement does.
  private func administration(_ words: [String]) -> String? {
    for (position, word) in words.enumerated() where !word.isEmpty {
      // Any word before or after a point may be a name.
      if position > 0, position <= tokens.count, tokens[position - 1] == .mark(".") { continue }
      let next = position + 1 < words.count ? words[position + 1] : ""
      if let found = Self.administrative(word, next) { return found }
      if Self.setsGlobally(position, tokens) { return "SET GLOBAL" }
      guard Self.beginsStatement(position, tokens) else { continue }
      if word == "SHUTDOWN" || word == "BINLOG" { return word }
      if word == "SET", next == "PASSWORD" || next == "ROLE" { return "SET \(next)" }
    }
    for (position, token) in tokens.enumerated() {
      guard case .setting(let name) = token,
        name == "@@global" || name.hasPrefix("@@global.") || name.hasPrefix("@@persist")
      else { continue }
      let next = position + 1 < tokens.count ? tokens[position + 1] : .mark(";")
      let previous = position > 0 ? tokens[position - 1] : .mark(";")
      if next == .mark("=") || next == .mark(":"),
        previous.keyword == "SET" || previous == .mark(",")
      {
        return "SET GLOBAL"
      }
    }
    return nil
  }

  private static func administrative(_ word: String, _ next: String) -> String? {
    for (first, seconds) in administrative where first == word {
      if seconds.isEmpty { return word }
      if seconds.contains(next) { return "\(word) \(next)" }
    }
    return nil
  }

  /// `SET GLOBAL name =`, also after a comma; a column may be called global.
  private static func setsGlobally(_ position: Int, _ tokens: [SQLToken]) -> Bool {
    guard tokens[position].keyword == "GLOBAL", position > 0, position + 2 < tokens.count,
      tokens[position - 1].keyword == "SET" || tokens[position - 1] == .mark(",")
    else { return false }
    return tokens[position + 1].identifier != nil
      && [.mark("="), .mark(":"), .mark(".")].contains(tokens[position + 2])
  }

  private static func beginsStatement(_ position: Int, _ tokens: [SQLToken]) -> Bool {
    guard position > 0 else { return true }
    let before: Set<String> = ["BEGIN", "THEN", "ELSE", "DO", "LOOP", "REPEAT"]
    return tokens[position - 1] == .mark(";") || before.contains(tokens[position - 1].keyword ?? "")
  }

  /// An administrative statement in the strings of a routine that executes strings.
  private func hiddenStatement() -> String? {
    let words = tokens.compactMap(\.keyword)
    guard words.contains("PREPARE") || words.contains("IMMEDIATE") else { return nil }
    let texts = tokens.compactMap { token -> String? in
      if case .text(let text) = token { text } else { nil }
    }
    for text in texts + [texts.joined(), texts.joined(separator: " ")] {
      guard let inner = try? SQLToken.tokens(of: Array(text.utf8)) else {
        // A part of a statement; the joined strings are checked as words.
        if let found = Self.words(of: text) {
          return "runs a text that administers the server: \(found)"
        }
        continue
      }
      let reach = SchemaReach.Words(inner)
      if let found = reach.administration {
        return "runs a text that administers the server: \(found)"
      }
    }
    return nil
  }

  private static func words(of text: String) -> String? {
    let words = text.uppercased().split { !($0.isLetter || $0 == "_") }.map(String.init)
    for (position, word) in words.enumerated() {
      let next = position + 1 < words.count ? words[position + 1] : ""
      if let found = administrative(word, next) { return found }
    }
    return nil
  }

  /// The words of a string that a routine executes.
  private struct Words {
    let administration: String?

    init(_ tokens: [SQLToken]) {
      var reach = SchemaReach(schema: "", packages: [], relations: [])
      reach.tokens = tokens
      let names = zip(tokens, tokens.dropFirst()).first { first, second in
        second == .mark(".") && SchemaReach.server.contains(first.identifier?.lowercased() ?? "")
      }
      administration =
        names?.0.identifier ?? reach.administration(tokens.map { $0.keyword ?? "" })
    }
  }
}

/// Determines where in a statement the name of a table is expected.
private struct TablePlaces {
  private var lists: [Bool] = [false]
  private var isExpected = false

  private static let openers: Set<String> = [
    "FROM", "JOIN", "STRAIGHT_JOIN", "TABLE", "TABLES", "CALL", "REFERENCES", "TRUNCATE", "HANDLER",
    "VIEW", "SEQUENCE", "PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "DESCRIBE", "EXPLAIN",
    "UPDATE", "INSERT", "REPLACE",
  ]
  private static let lists: Set<String> = ["FROM", "UPDATE", "TABLE", "TABLES"]
  private static let closers: Set<String> = [
    "WHERE", "SET", "ON", "GROUP", "ORDER", "HAVING", "LIMIT", "SELECT", "VALUES", "VALUE", "UNION",
    "EXCEPT", "INTERSECT", "BEGIN", "DO", "THEN", "ELSE", "WINDOW", "USING", "AS",
  ]
  private static let textFunctions: Set<String> = [
    "EXTRACT", "TRIM", "SUBSTRING", "SUBSTR", "MID", "INSERT", "REPLACE",
  ]
  private static let fillers: Set<String> = [
    "IF", "EXISTS", "NOT", "LOW_PRIORITY", "IGNORE", "QUICK", "DELAYED", "HIGH_PRIORITY", "ONLY",
  ]

  /// Whether a name at the next position names a table or another object; positions come in order.
  mutating func isTable(at position: Int, in tokens: [SQLToken]) -> Bool {
    let token = tokens[position]
    let previous = position > 0 ? tokens[position - 1] : .mark(";")
    let wasExpected = isExpected
    switch token {
    case .mark("("):
      let isList = wasExpected || (previous == .mark("(") && (lists.last ?? false))
      // Functions whose arguments contain FROM, or whose names also start statements.
      let isText = Self.textFunctions.contains(previous.keyword ?? "")
      lists.append(isText ? false : isList)
      textDepth = isText ? lists.count : textDepth
      isExpected = isList && !isText
    case .mark(")"):
      if textDepth == lists.count { textDepth = nil }
      if lists.count > 1 { lists.removeLast() }
      isExpected = false
    case .mark(","): isExpected = lists.last ?? false
    case .mark(";"):
      lists = [false]
      textDepth = nil
      isExpected = false
    case .word(let text):
      let word = text.uppercased()
      if previous == .mark(".") {
        isExpected = false
      } else if word == "FROM", textDepth == lists.count {
        isExpected = false
      } else if word == "UPDATE", ["KEY", "FOR", "ON"].contains(previous.keyword ?? "") {
        isExpected = false
      } else if word == "STRAIGHT_JOIN", previous.keyword == "SELECT" {
        isExpected = false
      } else if word == "INTO" {
        let before = previous.keyword ?? ""
        isExpected = before == "INSERT" || before == "REPLACE" || Self.fillers.contains(before)
      } else if Self.openers.contains(word) {
        isExpected = true
        if Self.lists.contains(word) { lists[lists.count - 1] = true }
      } else if Self.fillers.contains(word) {
        return wasExpected
      } else {
        isExpected = false
        if Self.closers.contains(word), word != "AS" { lists[lists.count - 1] = false }
        return wasExpected
      }
      return false
    default: isExpected = false
    }
    return wasExpected
  }

  /// The nesting depth of a function whose arguments contain FROM.
  private var textDepth: Int?
}
