internal import Backup

/// A parsed CREATE TABLE statement: the table that rows are loaded into, and the keys that are
/// added afterwards.
///
/// Building an index once is cheaper than updating it with each row. One ALTER TABLE adds the
/// omitted keys, so that the table ends as it was defined.
struct TableDefinition: Sendable, Equatable {
  /// The table's name.
  let name: String
  /// Definitions of secondary keys, in order, as `KEY …`.
  let keys: [String]
  /// Foreign keys.
  let foreignKeys: [ForeignKey]
  /// Columns for LOAD DATA; nil when the rows must be inserted. See ``RowLoad``.
  let loadColumns: [String]?
  private let kept: [String]
  private let tail: String

  /// A foreign key.
  struct ForeignKey: Sendable, Equatable {
    let name: String
    /// Text between the name and REFERENCES: `FOREIGN KEY (…)`.
    let columns: String
    /// Referenced table in the same schema; nil when it is in another schema.
    let parent: String?
    /// Text after the name of the referenced table.
    let rest: String
    /// The reference as written, for another schema.
    let reference: String

    /// The clause with other names.
    func clause(named name: String, parent: String?) -> String {
      let target = parent.map { ObjectInventory.quoted($0).asBytes } ?? reference
      return
        "CONSTRAINT \(ObjectInventory.quoted(name).asBytes) \(columns) REFERENCES \(target)\(rest)"
    }
  }

  /// Parses a statement.
  ///
  /// - Parameters:
  ///   - text: as SHOW CREATE TABLE writes it; each byte is one character, as in the parts.
  ///   - name: the table's name.
  init(_ text: String, name: String) {
    self.name = name
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let isInnoDB = text.contains("ENGINE=InnoDB")
    let last = lines.lastIndex { $0.hasPrefix(")") } ?? lines.count
    tail = lines[min(last, lines.count)...].joined(separator: "\n")
    lines = last > 1 ? Array(lines[1..<last]) : []
    let parts = lines.map { $0.hasSuffix(",") ? String($0.dropLast()) : $0 }
    let counter = parts.first { part in
      let words = part.firstRange(of: " COMMENT '").map { part[..<$0.lowerBound] } ?? part[...]
      return part.hasPrefix("  `") && words.contains(" AUTO_INCREMENT")
    }.flatMap { DumpStatement.name(in: $0.bytes, at: 2)?.name }
    let primary = parts.first { $0.hasPrefix("  PRIMARY KEY (") }
    func leads(_ part: String, with column: String) -> Bool {
      part.contains("(\(ObjectInventory.quoted(column).asBytes)")
    }
    let counterNeedsKey = counter.map { column in
      !(primary.map { leads($0, with: column) } ?? false)
    }
    func canWait(_ part: String) -> Bool {
      let isPlain = part.hasPrefix("  KEY `")
      let isUnique = part.hasPrefix("  UNIQUE KEY `") && !part.contains("WITHOUT OVERLAPS")
      return isInnoDB && (isPlain || (isUnique && primary != nil))
        && !(counterNeedsKey == true && leads(part, with: counter ?? ""))
    }
    // Keys keep their order: a key is only deferred when all later ones can be, too.
    let isKey = { (part: String) in part.firstMatch(of: Self.keyForm) != nil }
    let lastKept = parts.lastIndex { isKey($0) && !canWait($0) } ?? -1
    var kept: [String] = []
    var keys: [String] = []
    var foreignKeys: [ForeignKey] = []
    for (position, part) in parts.enumerated() {
      if isInnoDB, let foreign = Self.foreignKey(part) {
        foreignKeys.append(foreign)
      } else if position > lastKept, canWait(part) {
        keys.append(String(part.dropFirst(2)))
      } else {
        kept.append(part)
      }
    }
    self.kept = kept
    loadColumns = Self.loadColumns(of: parts)
    self.keys = keys
    self.foreignKeys = foreignKeys
  }

  private static func foreignKey(_ part: String) -> ForeignKey? {
    guard part.hasPrefix("  CONSTRAINT `"), let match = part.wholeMatch(of: foreignKeyForm) else {
      return nil
    }
    let isLocal = match.output.schema == nil
    return ForeignKey(
      name: DumpStatement.plain(match.output.name), columns: String(match.output.columns),
      parent: isLocal ? DumpStatement.plain(match.output.parent.dropFirst().dropLast()) : nil,
      rest: String(match.output.rest),
      reference: String(match.output.schema ?? "") + String(match.output.parent))
  }

  private nonisolated(unsafe) static let keyForm = #/^  (?:[A-Z]+ )?KEY [`(]/#
  private nonisolated(unsafe) static let foreignKeyForm =
    #/  CONSTRAINT `(?<name>(?:[^`]|``)+)` (?<columns>FOREIGN KEY \(.*?\)) REFERENCES (?<schema>`(?:[^`]|``)+`\.)?(?<parent>`(?:[^`]|``)+`)(?<rest>.*)/#

  /// The statement that makes the table under another name, without the keys that are added later.
  func create(as name: String) -> String {
    "CREATE TABLE \(ObjectInventory.quoted(name).asBytes) (\n" + kept.joined(separator: ",\n")
      + "\n"
      + tail
  }

  /// The statement that adds the secondary keys; nil if the table has none.
  func addKeys(to name: String) -> String? {
    guard !keys.isEmpty else { return nil }
    return "ALTER TABLE \(ObjectInventory.quoted(name).asBytes) "
      + keys.map { "ADD \($0)" }.joined(separator: ", ")
  }
}
