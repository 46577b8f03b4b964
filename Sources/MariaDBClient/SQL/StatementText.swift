/// The text of a statement, parsed just far enough to find placeholders and a label.
struct StatementText {
  let sql: [UInt8]
  /// How the server reads it.
  let syntax: SQLSyntax

  init(_ sql: String, syntax: SQLSyntax = SQLSyntax()) {
    self.sql = Array(sql.utf8)
    self.syntax = syntax
  }

  /// Positions of the `?` outside of quotes and comments.
  var placeholders: [Int] {
    var found: [Int] = []
    SQLScanner.scan(sql, syntax) { part, range in
      if part == .mark(UInt8(ascii: "?")) { found.append(range.lowerBound) }
      return true
    }
    return found
  }

  /// A short label of the statement without values: `CALL refresh_rollups`,
  /// `INSERT INTO accounts`, `SELECT`.
  var label: String {
    let words = leadingWords(limit: 12)
    guard let first = words.first?.uppercased() else { return "statement" }
    let upper = words.map { $0.uppercased() }
    func name(after keywords: Set<String>, skipping: Set<String> = []) -> String? {
      guard var index = upper.firstIndex(where: { keywords.contains($0) }) else { return nil }
      let keyword = upper[index]
      index += 1
      while index < words.count, skipping.contains(upper[index]) { index += 1 }
      return index < words.count ? "\(keyword) \(words[index])" : keyword
    }
    switch first {
    case "CALL": return name(after: ["CALL"]) ?? first
    case "INSERT", "REPLACE": return name(after: ["INTO"]).map { "\(first) \($0)" } ?? first
    case "UPDATE": return name(after: ["UPDATE"], skipping: ["LOW_PRIORITY", "IGNORE"]) ?? first
    case "DELETE": return name(after: ["FROM"]).map { "\(first) \($0)" } ?? first
    case "LOAD": return "LOAD DATA"
    case "CREATE", "ALTER", "DROP":
      let kinds: Set<String> = [
        "TABLE", "VIEW", "PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "SCHEMA", "DATABASE",
        "INDEX", "SEQUENCE",
      ]
      return name(after: kinds, skipping: ["IF", "NOT", "EXISTS"]).map { "\(first) \($0)" }
        ?? first
    default: return first
    }
  }

  /// The first bare words, without comments; ends at a quoted text or a parenthesis. A qualified
  /// name is one word.
  private func leadingWords(limit: Int) -> [String] {
    var words: [String] = []
    var pointEnd: Int?
    SQLScanner.scan(sql, syntax) { part, range in
      var word = sql[range]
      switch part {
      case .blank, .lineComment, .comment, .codeBegin, .codeEnd: return true
      case .word, .number: break
      case .quoted(UInt8(ascii: "`")): word = word.dropFirst().dropLast()
      case .mark(UInt8(ascii: ".")) where !words.isEmpty:
        words[words.count - 1] += "."
        pointEnd = range.upperBound
        return true
      default: return false
      }
      let text = String(decoding: word, as: UTF8.self)
      if pointEnd == range.lowerBound {
        words[words.count - 1] += text
      } else {
        words.append(text)
      }
      return words.count < limit
    }
    return words
  }
}
