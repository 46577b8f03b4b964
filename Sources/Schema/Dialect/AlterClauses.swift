internal import MariaDBClient

/// An ALTER TABLE whose clauses say IF EXISTS or IF NOT EXISTS, which MySQL does not know.
///
/// A migration that was interrupted is run again from its first statement. MySQL does a whole ALTER
/// or nothing of it, so there it is enough to leave out the clauses that have been done.
struct AlterClauses: Sendable, Equatable {
  /// A clause, and what it asks for.
  private struct Clause: Equatable {
    /// Its text, without IF EXISTS or IF NOT EXISTS.
    let text: String
    /// What is added or dropped conditionally; nil for any other clause.
    var condition: Condition?
  }

  fileprivate struct Condition: Equatable {
    let adds: Bool
    let kind: String
    let name: String
  }

  /// Names of what a table has.
  struct Existing: Sendable {
    var columns: Set<String> = []
    var keys: Set<String> = []
    var constraints: Set<String> = []

    fileprivate func has(_ condition: Condition) -> Bool {
      switch condition.kind {
      case "COLUMN": columns.contains(condition.name)
      case "KEY", "UNIQUE KEY", "INDEX": keys.contains(condition.name)
      default: constraints.contains(condition.name)
      }
    }
  }

  /// The table.
  let table: String
  private let clauses: [Clause]

  /// Reads a statement; nil for one without such clauses.
  init?(_ statement: String) {
    guard let head = statement.firstMatch(of: #/(?:^|\n)ALTER TABLE (\w+)\s+/#),
      statement.contains(#/\bIF (?:NOT )?EXISTS\b/#)
    else { return nil }
    table = String(head.1)
    clauses = Self.parts(of: String(statement[head.range.upperBound...])).map(Self.clause)
  }

  /// The statement without the clauses that have been done; nil when none is left.
  func pending(_ existing: Existing) -> String? {
    // What the same statement drops is there and yet to be added.
    let dropped = clauses.compactMap(\.condition).filter { !$0.adds }.map(\.name)
    let left = clauses.filter { clause in
      guard let condition = clause.condition else { return true }
      if condition.adds, dropped.contains(condition.name) { return true }
      return existing.has(condition) != condition.adds
    }
    guard left.contains(where: { !$0.text.hasPrefix("LOCK") && !$0.text.hasPrefix("ALGORITHM") })
    else { return nil }
    return "ALTER TABLE \(table)\n    " + left.map(\.text).joined(separator: ",\n    ")
  }

  private static func clause(_ text: String) -> Clause {
    let form =
      #/^(ADD|DROP)\s+(COLUMN|UNIQUE KEY|KEY|INDEX|FOREIGN KEY|CONSTRAINT)\s+IF\s+(?:NOT\s+)?EXISTS\s+(\w+)/#
    guard let match = text.firstMatch(of: form) else { return Clause(text: text) }
    return Clause(
      text: "\(match.1) \(match.2) \(match.3)" + text[match.range.upperBound...],
      condition: Condition(
        adds: match.1 == "ADD", kind: String(match.2), name: String(match.3)))
  }

  /// The texts between commas outside of parentheses and quotes.
  private static func parts(of text: String) -> [String] {
    let bytes = Array(text.utf8)
    var parts: [String] = []
    var (depth, begin) = (0, 0)
    func add(upTo end: Int) {
      let part = String(decoding: bytes[begin..<end], as: UTF8.self)
      parts.append(String(part.drop(while: \.isWhitespace)))
    }
    SQLScanner.scan(bytes) { part, range in
      switch part {
      case .mark(UInt8(ascii: "(")): depth += 1
      case .mark(UInt8(ascii: ")")): depth -= 1
      case .mark(UInt8(ascii: ",")) where depth == 0:
        add(upTo: range.lowerBound)
        begin = range.upperBound
      default: break
      }
      return true
    }
    add(upTo: bytes.count)
    return parts
  }
}

extension Deployment {
  /// A statement of a step as the server understands it now.
  ///
  /// - Returns: nil when an earlier, interrupted deployment has done it
  /// - Throws: `DatabaseError`
  func current(_ statement: String) async throws -> String? {
    guard dialect == .mySQL, let clauses = AlterClauses(statement) else { return statement }
    let rows = try await connection.query(
      """
      SELECT 'column' AS kind, column_name AS name FROM information_schema.columns
      WHERE table_schema = DATABASE() AND table_name = ?
      UNION ALL
      SELECT 'key', index_name FROM information_schema.statistics
      WHERE table_schema = DATABASE() AND table_name = ?
      UNION ALL
      SELECT 'constraint', constraint_name FROM information_schema.table_constraints
      WHERE table_schema = DATABASE() AND table_name = ?
      """, Array(repeating: .text(clauses.table), count: 3)
    ).rows
    func names(_ kind: String) -> Set<String> {
      Set(rows.filter { $0["kind"] == kind }.compactMap { $0["name"] })
    }
    return clauses.pending(
      AlterClauses.Existing(
        columns: names("column"), keys: names("key"), constraints: names("constraint")))
  }
}
