internal import MariaDBClient

/// One statement of a dump, and its kind.
package struct DumpStatement: Sendable, Equatable {
  /// What a statement does.
  package enum Kind: Sendable, Equatable {
    /// Sets variables of the session.
    case session
    /// Not needed by a restore into staging tables: locks, drops, placeholders of views.
    case superfluous
    case createTable(String)
    case insert(String)
    case createSequence(String)
    case setSequence(String)
    case view(String)
    case trigger(String, table: String)
    /// Kind (`function`, `procedure`, `package`, `package body`) and name.
    case routine(String, String)
    case event(String)
    /// Sets the character set of the schema around a routine; names the schema.
    case alterDatabase
    /// Anything else.
    case other
  }

  /// What the statement does.
  package let kind: Kind
  /// Its text, without a delimiter.
  package let bytes: [UInt8]

  /// Reads the kind of a statement.
  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    kind = Self.kind(of: bytes)
  }

  /// The text, in which each byte is one character; only for statements that define something.
  package var text: String { String(bytes: bytes) }

  private static let insertFront = Array("INSERT INTO `".utf8)
  private static let set = Array("SET".utf8)

  private static func kind(of bytes: [UInt8]) -> Kind {
    if bytes.starts(with: insertFront) {
      guard let (name, _) = name(in: bytes, at: insertFront.count - 1) else { return .other }
      return .insert(name)
    }
    let unwrapped = unwrapped(bytes.prefix(4000))
    // The most frequent kind: around every definition.
    if unwrapped.starts(with: set), let blank = unwrapped.dropFirst(set.count).first,
      isBlank(blank)
    {
      return .session
    }
    let front = String(bytes: unwrapped)
    if let match = front.prefixMatch(of: Pattern.createTable) {
      return .createTable(plain(match.1))
    }
    if let match = front.prefixMatch(of: Pattern.createSequence) {
      return .createSequence(plain(match.1))
    }
    if let match = front.prefixMatch(of: Pattern.setSequence) {
      return .setSequence(plain(match.1))
    }
    if front.starts(with: Pattern.superfluous) { return .superfluous }
    if front.starts(with: Pattern.alterDatabase) { return .alterDatabase }
    guard front.starts(with: Pattern.create) else { return .other }
    return definition(front)
  }

  /// Made once: a regex literal is parsed at each evaluation. A pattern never changes.
  private enum Pattern {
    nonisolated(unsafe) static let createTable = #/CREATE TABLE `((?:[^`]|``)+)`/#
    nonisolated(unsafe) static let createSequence = #/CREATE SEQUENCE `((?:[^`]|``)+)`/#
    nonisolated(unsafe) static let setSequence = #/DO SETVAL\(`((?:[^`]|``)+)`/#
    nonisolated(unsafe) static let superfluous =
      #/CREATE VIEW\s|(?:DROP|LOCK TABLES|UNLOCK TABLES)\b|ALTER TABLE `(?:[^`]|``)+` (?:DISABLE|ENABLE) KEYS/#
    nonisolated(unsafe) static let alterDatabase = #/ALTER DATABASE\s/#
    nonisolated(unsafe) static let create = #/CREATE\b/#
    nonisolated(unsafe) static let definer =
      #/DEFINER=(?:`(?:[^`]|``)*`(?:@`(?:[^`]|``)*`)?|\S+)/#
    nonisolated(unsafe) static let view =
      #/CREATE\s+(?:ALGORITHM=\w+\s+)?(?:SQL SECURITY \w+\s+)?VIEW `((?:[^`]|``)+)`/#
    nonisolated(unsafe) static let trigger =
      #/CREATE\s+(?:OR\s+REPLACE\s+)?TRIGGER\b/#.ignoresCase()
    nonisolated(unsafe) static let routine =
      #/CREATE\s+(?:OR REPLACE\s+)?(?:AGGREGATE\s+)?(FUNCTION|PROCEDURE|PACKAGE BODY|PACKAGE)\s+(?:IF NOT EXISTS\s+)?(?:`((?:[^`]|``)+)`|"((?:[^"]|"")+)"|([\w$]+))/#
      .ignoresCase()
    nonisolated(unsafe) static let event =
      #/CREATE\s+EVENT\s+(?:IF NOT EXISTS\s+)?(?:`((?:[^`]|``)+)`|"((?:[^"]|"")+)"|([\w$]+))/#
      .ignoresCase()
  }

  private static func definition(_ front: String) -> Kind {
    let text = front.replacing(Pattern.definer, with: "", maxReplacements: 1)
    if let match = text.prefixMatch(of: Pattern.view) { return .view(plain(match.1)) }
    if text.starts(with: Pattern.trigger), let trigger = TriggerText(text) {
      return .trigger(trigger.name, table: trigger.table)
    }
    if let match = text.prefixMatch(of: Pattern.routine) {
      let name =
        match.2.map { plain($0) } ?? match.3.map { plainQuoted($0) }
        ?? String(match.4 ?? "").fromBytes
      return .routine(match.1.lowercased(), name)
    }
    if let match = text.prefixMatch(of: Pattern.event) {
      return .event(
        match.1.map { plain($0) } ?? match.2.map { plainQuoted($0) }
          ?? String(match.3 ?? "").fromBytes)
    }
    return .other
  }

  /// A text without the marks of executable comments: `/*!50003 CREATE*/` becomes `CREATE`.
  ///
  /// White space outside of quotes becomes one space; leading space is removed.
  static func unwrapped(_ text: some Collection<UInt8>) -> [UInt8] {
    let bytes = Array(text)
    let space = UInt8(ascii: " ")
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var followsMark = false
    func append(_ blanks: some Sequence<UInt8>) {
      for byte in blanks where !result.isEmpty && (byte != space || result.last != space) {
        result.append(byte)
      }
    }
    SQLScanner.scan(bytes) { part, range in
      switch part {
      case .codeBegin(_?, _): break
      case .codeEnd: append([space])
      // One blank separates the version from the code.
      case .blank: append(bytes[range].dropFirst(followsMark ? 1 : 0))
      default: result += bytes[range]
      }
      if case .codeBegin(_?, _) = part { followsMark = true } else { followsMark = false }
      return true
    }
    return result
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (9...13).contains(byte) }

  /// A name with backticks undoubled, from a text in which each byte is one character.
  package static func plain(_ name: some StringProtocol) -> String {
    String(name).replacing("``", with: "`").fromBytes
  }

  /// The same for a name in double quotes, as under ANSI_QUOTES.
  static func plainQuoted(_ name: some StringProtocol) -> String {
    String(name).replacing("\"\"", with: "\"").fromBytes
  }

  /// The name in backticks that begins at a position, and where it ends.
  package static func name(in bytes: [UInt8], at start: Int) -> (name: String, end: Int)? {
    guard start < bytes.count, bytes[start] == UInt8(ascii: "`") else { return nil }
    var position = start + 1
    while position < bytes.count {
      if bytes[position] == UInt8(ascii: "`") {
        guard position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "`") else {
          return (plain(String(bytes: bytes[(start + 1)..<position])), position + 1)
        }
        position += 1
      }
      position += 1
    }
    return nil
  }

  /// An INSERT into another table.
  package func insert(into table: String) -> [UInt8] {
    let front = Self.insertFront.count - 1
    guard let (_, end) = Self.name(in: bytes, at: front) else { return bytes }
    return bytes[..<front] + Array(ObjectInventory.quoted(table).utf8) + bytes[end...]
  }
}

/// The head of a CREATE TRIGGER statement, as a text in which each byte is one character.
package struct TriggerText {
  /// The name of the trigger.
  package let name: String
  /// The name of its table.
  package let table: String
  private let text: String
  private let nameRange: Range<String.Index>
  private let tableRange: Range<String.Index>

  /// Reads the head; nil when the text creates no trigger.
  package init?(_ text: String) {
    guard let match = text.firstMatch(of: Self.head) else { return nil }
    self.text = text
    nameRange = match.output.name.startIndex..<match.output.name.endIndex
    tableRange = match.output.table.startIndex..<match.output.table.endIndex
    name = Self.unquoted(match.output.name)
    // Without the schema, which may have another name now.
    table = Self.unquoted(match.output.bare)
  }

  private nonisolated(unsafe) static let head =
    #/(?:^|[\s/])TRIGGER\s+(?:IF NOT EXISTS\s+)?(?<name>`(?:[^`]|``)+`|"(?:[^"]|"")+"|[\w$]+)\s+(?:BEFORE|AFTER)\s+(?:INSERT|UPDATE|DELETE)\s+ON\s+(?<table>(?:(?:`(?:[^`]|``)+`|"(?:[^"]|"")+"|[\w$]+)\s*\.\s*)?(?<bare>`(?:[^`]|``)+`|"(?:[^"]|"")+"|[\w$]+))/#
    .ignoresCase()

  private static func unquoted(_ name: Substring) -> String {
    if name.hasPrefix("\"") { return DumpStatement.plainQuoted(name.dropFirst().dropLast()) }
    return name.hasPrefix("`")
      ? DumpStatement.plain(name.dropFirst().dropLast()) : String(name).fromBytes
  }

  /// The statement without a schema before the table's name.
  package var unqualified: String {
    guard text[tableRange].contains(".") else { return text }
    var result = text
    result.replaceSubrange(tableRange, with: ObjectInventory.quoted(table).asBytes)
    return result
  }

  /// The statement with another name and table.
  package func renamed(to name: String, on table: String) -> String {
    var result = text
    result.replaceSubrange(tableRange, with: ObjectInventory.quoted(table).asBytes)
    result.replaceSubrange(nameRange, with: ObjectInventory.quoted(name).asBytes)
    return result
  }
}
